-- How much of the open value can a forecast rest on?
with states as (
  select
    currency,
    amount,
    case
      when forecast_date is null then 'undated'
      when forecast_date < $today then 'overdue'
      else 'dated'
    end as state,
    probability
  from sales_deals
  where status = 0
)

select
  currency,
  count(*) as deals,
  sum(amount) as amount,
  coalesce(sum(amount) filter (where state = 'dated'), 0) as dated_amount,
  coalesce(sum(amount) filter (where state = 'overdue'), 0) as overdue_amount,
  coalesce(sum(amount) filter (where state = 'undated'), 0) as undated_amount,
  coalesce(sum(amount) filter (where probability is null), 0) as amount_without_probability,
  coalesce(sum(amount) filter (where state = 'dated'), 0) / nullif(cast(sum(amount) as double), 0) as dated_share,
  coalesce(sum(amount) filter (where state = 'overdue'), 0) / nullif(cast(sum(amount) as double), 0) as overdue_share,
  coalesce(sum(amount) filter (where state = 'undated'), 0) / nullif(cast(sum(amount) as double), 0) as undated_share,
  coalesce(sum(amount) filter (where probability is null), 0) / nullif(cast(sum(amount) as double), 0)
    as share_without_probability
from states
group by currency
order by amount desc, currency
