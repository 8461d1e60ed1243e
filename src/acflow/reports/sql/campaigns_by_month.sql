-- How did mail do month by month?
with month_ends as (
  select
    *,
    row_number() over (partition by id, date_trunc('month', day) order by day desc) as newest_first,
    row_number() over (partition by id order by day) as oldest_first
  from campaign_day_facts
  where running
),

month_closings as (
  select
    *,
    cast(date_trunc('month', day) as date) as reading_month,
    cast(date_trunc('month', lead(day) over (partition by id order by day)) as date) as next_month
  from month_ends
  where newest_first = 1
),

first_readings as (
  select *, cast(date_trunc('month', day) as date) as reading_month
  from month_ends
  where oldest_first = 1 and cdate < (select min(taken_at) from campaign_day_facts)
),

-- Mail that is sent again and again counts in a month what its counters gained between readings.
keyed as (
  select
    1 as sign, month as grouping_key, 0 as grouping_id, id, measurable, sends_unknown, sends, delivered, base,
    unique_opens, verified_opens, clickers, hard_bounces, soft_bounces, unsubscribes
  from campaign_facts
  where not running and month is not null
  union all
  select
    1, reading_month, 0, id, measurable, sends_unknown, sends, delivered, base,
    unique_opens, verified_opens, clickers, hard_bounces, soft_bounces, unsubscribes
  from month_closings
  union all
  select
    -1, next_month, 0, id, measurable, sends_unknown, sends, delivered, base,
    unique_opens, verified_opens, clickers, hard_bounces, soft_bounces, unsubscribes
  from month_closings
  where next_month is not null
  union all
  select
    -1, reading_month, 0, id, measurable, sends_unknown, sends, delivered, base,
    unique_opens, verified_opens, clickers, hard_bounces, soft_bounces, unsubscribes
  from first_readings
)

select
  grouping_key as month,
  grouping_key = $this_month
    or (grouping_key = (select min(reading_month) from month_closings) and extract(day from (
      select min(taken_at) from campaign_day_facts
    ) at time zone $zone) > 1) as partial,
  t.*
from campaign_totals as t
order by month
