-- Which open deals does nobody look after?
with gaps as (
  select
    owner,
    currency,
    amount,
    nextdate is null as without_task,
    nextdate < $as_of as late,
    coalesce(activitycount, 0) = 0 as untouched
  from sales_deals
  where status = 0
)

select
  owner,
  currency,
  count(*) as deals,
  sum(amount) as amount,
  count(*) filter (where without_task) as deals_without_task,
  count(*) filter (where late) as deals_with_late_task,
  count(*) filter (where untouched) as untouched_deals,
  count(*) filter (where without_task or late or untouched) as gap_deals,
  coalesce(sum(amount) filter (where without_task or late or untouched), 0) as gap_amount,
  count(*) filter (where without_task or late or untouched) / cast(count(*) as double) as gap_share
from gaps
group by owner, currency
order by gap_amount desc, owner, currency
