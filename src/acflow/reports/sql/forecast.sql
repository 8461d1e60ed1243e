-- What will be won in which month, and what has no date to go by?
with dated as (
  select
    currency,
    case
      when status = 1 then 'month'
      when forecast_date is null then 'undated'
      when forecast_date < $today then 'overdue'
      else 'month'
    end as bucket,
    case
      when status = 1 then cast(date_trunc('month', closed_at at time zone $zone) as date)
      when forecast_date >= $today then cast(date_trunc('month', forecast_date) as date)
    end as month,
    status,
    amount,
    probability
  from sales_deals
  where status = 0 or (status = 1 and closed_at at time zone $zone >= $since_month and closed_at <= $as_of)
),

summed as (
  select
    bucket,
    month,
    currency,
    count(*) filter (where status = 0) as open_deals,
    coalesce(sum(amount) filter (where status = 0), 0) as open_amount,
    coalesce(sum(amount * probability) filter (where status = 0), 0) as weighted_amount,
    coalesce(sum(amount) filter (where status = 0 and probability is null), 0) as amount_without_probability,
    count(*) filter (where status = 1) as won_deals,
    coalesce(sum(amount) filter (where status = 1), 0) as won_amount
  from dated
  group by bucket, month, currency
)

select
  s.bucket,
  s.month,
  s.month < $this_month as past,
  s.month = $this_month as partial,
  s.currency,
  s.open_deals,
  s.open_amount,
  s.weighted_amount,
  s.amount_without_probability,
  s.won_deals,
  s.won_amount,
  case when s.bucket = 'month' then s.won_amount + s.weighted_amount end as forecast_amount,
  case when s.bucket = 'month' then t.target end as target,
  case when s.bucket = 'month' then s.open_amount / nullif(cast(t.target as double), 0) end as coverage
from summed as s
left join targets as t on t.currency = s.currency
order by bucket, month, currency
