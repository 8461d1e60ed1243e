-- How soon after sending is mail opened?
with placed as (
  select 'hour' as unit, cast(floor(seconds / 3600.0) as bigint) as after
  from opening_delays
  where seconds < 24 * 3600
  union all
  select 'day' as unit, cast(floor(seconds / 86400.0) as bigint) as after
  from opening_delays
  where seconds < 14 * 86400
),

counted as (
  select unit, after, count(*) as opens
  from placed
  group by unit, after
),

everything as (select count(*) as opens from opening_delays)

select
  c.unit,
  c.after,
  c.opens,
  c.opens / nullif(cast(e.opens as double), 0) as share,
  sum(c.opens) over (partition by c.unit order by c.after) / nullif(cast(e.opens as double), 0) as share_until_then
from counted as c
cross join everything as e
order by unit desc, after
