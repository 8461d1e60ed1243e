-- How good were forecasts: what was expected when each month began, and what was won?
with won_months as (
  select
    cast(date_trunc('month', closed_at at time zone $zone) as date) as month,
    currency,
    sum(amount) as actual
  from sales_deals
  where status = 1 and closed_at at time zone $zone >= $since_month and closed_at at time zone $zone < $this_month
  group by month, currency
),

dated_versions as (
  select
    currency, amount, winProbability, percent, _valid_from, _valid_to,
    cast(date_trunc('month', edate) as date) as month,
    cast(date_trunc('month', edate) as timestamp) at time zone $zone as starts_at
  from deals_history
  where status = 0 and not coalesce(isDisabled, false) and edate >= $since_month and edate < $this_month
),

expected as (
  select
    h.month,
    coalesce(r.into, lower(h.currency)) as currency,
    count(*) as deals,
    sum(
      coalesce(h.amount * r.rate, h.amount) * cast(coalesce(
        case when h.winProbability between 0 and 100 then h.winProbability end,
        case when h.percent between 1 and 100 then h.percent end
      ) / 100.0 as decimal(9, 6))
    ) as forecast
  from dated_versions as h
  left join rates as r on r.currency = lower(h.currency)
  where h._valid_from <= h.starts_at and (h._valid_to is null or h._valid_to > h.starts_at)
  group by h.month, coalesce(r.into, lower(h.currency))
),

-- A month in which nothing was won of what was expected is the worst miss of all.
months as (
  select month, currency from won_months
  union
  select month, currency from expected
),

compared as (
  select m.month, m.currency, e.deals, e.forecast, case when w.month is null then 0 else w.actual end as actual
  from months as m
  left join won_months as w on w.month = m.month and w.currency is not distinct from m.currency
  left join expected as e on e.month = m.month and e.currency is not distinct from m.currency
)

select
  month,
  currency,
  deals as expected_deals,
  forecast,
  actual,
  forecast - actual as forecast_error,
  1 - abs(forecast - actual) / nullif(cast(actual as double), 0) as accuracy,
  case
    when deals is null then 'no forecast is known of the day on which the month began'
    when forecast is null then 'no expected deal had a probability'
    when actual = 0 then 'nothing was won'
  end as reason
from compared
order by month, currency
