-- How good were forecasts: what was expected when each month began, and what was won?
with won_months as (
  select
    cast(date_trunc('month', closed_at at time zone $zone) as date) as month,
    currency,
    sum(amount) as actual
  from sales_deals
  where status = 1 and closed_at > $since and closed_at <= $as_of
  group by month, currency
),

began as (
  select distinct month, cast(month as timestamp) at time zone $zone as starts_at
  from won_months
  where month < date_trunc('month', $today)
),

expected as (
  select
    b.month,
    coalesce(r.into, lower(h.currency)) as currency,
    count(*) as deals,
    sum(
      coalesce(h.amount * r.rate, h.amount) * cast(coalesce(
        case when h.winProbability between 0 and 100 then h.winProbability end,
        case when h.percent between 1 and 100 then h.percent end
      ) / 100.0 as decimal(9, 6))
    ) as forecast
  from began as b
  join deals_history as h
    on h._valid_from <= b.starts_at and (h._valid_to is null or h._valid_to > b.starts_at)
  left join rates as r on r.currency = lower(h.currency)
  where h.status = 0 and not coalesce(h.isDisabled, false)
    and cast(date_trunc('month', h.edate) as date) = b.month
  group by b.month, coalesce(r.into, lower(h.currency))
)

select
  w.month,
  w.currency,
  e.deals as expected_deals,
  e.forecast,
  w.actual,
  1 - abs(e.forecast - w.actual) / nullif(cast(w.actual as double), 0) as accuracy,
  case when e.forecast is null then 'no forecast is known of the day on which the month began' end as reason
from won_months as w
join began as b on b.month = w.month
left join expected as e on e.month = w.month and e.currency = w.currency
order by month, currency
