-- Deals closed in the period and deals that are open, over all, by pipeline and by owner: per currency, and where there
-- are several over all of them, in a row without currency and without amounts.
with deal_dimensions as (
  select 'all' as dimension, 'all' as name, status, currency, amount, cdate, closed_at, closed_source
  from sales_deals
  union all
  select 'pipeline', pipeline, status, currency, amount, cdate, closed_at, closed_source
  from sales_deals
  union all
  select 'owner', owner, status, currency, amount, cdate, closed_at, closed_source
  from sales_deals
),

several_currencies as (
  select dimension, name
  from deal_dimensions
  where status = 0 or (status in (1, 2) and closed_at >= $since and closed_at <= $as_of)
  group by dimension, name
  having count(distinct coalesce(currency, 'none')) > 1
),

sales_dimensions as (
  select
    dimension, name, status, coalesce(currency, 'none') as currency, amount, cdate, closed_at, closed_source,
    false as all_currencies
  from deal_dimensions
  union all
  select
    d.dimension, d.name, d.status, null as currency, null as amount, d.cdate, d.closed_at, d.closed_source,
    true as all_currencies
  from deal_dimensions as d
  join several_currencies as s on s.dimension = d.dimension and s.name = d.name
),

closed_dimensions as (
  select
    *,
    status = 1 and closed_at >= $since and closed_at <= $as_of as won,
    status = 2 and closed_at >= $since and closed_at <= $as_of as lost,
    (extract(epoch from closed_at) - extract(epoch from cdate)) / 86400.0 as cycle_days
  from sales_dimensions
),

dimension_sums as (
  select
    dimension,
    name,
    currency,
    all_currencies,
    count(*) filter (where status = 0) as open_deals,
    count(*) filter (where won) as won,
    count(*) filter (where lost) as lost,
    count(*) filter (where (won or lost) and closed_source = 'mdate') as estimated_close_dates,
    case when not all_currencies then coalesce(sum(amount) filter (where won), 0) end as won_amount,
    case when not all_currencies then coalesce(sum(amount) filter (where lost), 0) end as lost_amount,
    median(cast(amount as double)) filter (where won) as median_deal,
    median(cycle_days) filter (where won and cycle_days >= 0) as cycle_days,
    count(*) filter (where won and cycle_days < 0) as impossible_cycles
  from closed_dimensions
  group by dimension, name, currency, all_currencies
)

select
  *,
  won + lost as closed,
  won / nullif(cast(won + lost as double), 0) as win_rate,
  won_amount / nullif(cast(won_amount + lost_amount as double), 0) as win_rate_by_amount,
  won_amount / nullif(cast(won as double), 0) as average_deal
from dimension_sums
