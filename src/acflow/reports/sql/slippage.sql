-- How much of the open value was put off to a later date in the recent period?
with before_versions as (
  select
    id, edate, _valid_from,
    row_number() over (partition by id order by _valid_from) as earliest
  from deals_history
  where (_valid_to is null or _valid_to > $recently) and status = 0
),

slips as (
  select
    d.pipeline,
    d.currency,
    d.amount,
    b._valid_from is not null and b._valid_from < $as_of as known,
    b.edate is not null and cast(n.edate as date) > cast(b.edate as date) as slipped,
    cast(n.edate as date) - cast(b.edate as date) as later_days
  from sales_deals as d
  join deals as n on n.id = d.id
  left join before_versions as b on b.id = d.id and b.earliest = 1
  where d.status = 0
)

select
  pipeline,
  currency,
  count(*) as deals,
  sum(amount) as amount,
  case when bool_or(known) then count(*) filter (where slipped) end as slipped_deals,
  case when bool_or(known) then coalesce(sum(amount) filter (where slipped), 0) end as slipped_amount,
  case when bool_or(known) then
    coalesce(sum(amount) filter (where slipped), 0) / nullif(cast(sum(amount) as double), 0)
  end as slippage,
  median(cast(later_days as double)) filter (where slipped) as median_days_later,
  case
    when not bool_or(known) then 'no history of dates is known'
    when (select min(_valid_from) from deals_history) > $recently then 'the history of dates is shorter than the period'
  end as reason
from slips
group by pipeline, currency
order by pipeline, currency
