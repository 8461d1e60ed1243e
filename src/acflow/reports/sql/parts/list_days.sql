-- Each list day by day: what its memberships say happened, and its counter where that was read.
-- Where the counter moved by more or less than they say, the rest is new or deleted, so that the days always add up:
-- active of the day before + new - unsubscribed - bounced - deleted = active.
with counter_readings as (
  select id as list, active_subscribers as active, _taken_at as taken_at
  from lists_daily
  where active_subscribers is not null and _taken_at <= $as_of
  union all
  select id, active_subscribers, coalesce((select max(read_at) from _readings where entity = 'lists'), $as_of)
  from lists
  where active_subscribers is not null and _deleted_at is null
),

ranked_readings as (
  select
    list, active, taken_at, cast(taken_at at time zone $zone as date) as day,
    row_number() over (
      partition by list, cast(taken_at at time zone $zone as date) order by taken_at desc, active desc
    ) as newest_first
  from counter_readings
),

day_readings as (
  select list, day, active, taken_at
  from ranked_readings
  where newest_first = 1
),

moves as (
  select list, joined_at as at, 1 as new, 0 as unsubscribed, 0 as bounced, 0 as deleted
  from list_members
  where status in (1, 2, 3) and joined_at <= $as_of
  union all
  select
    list, ended_at, 0,
    case when status = 2 then 1 else 0 end,
    case when status = 3 then 1 else 0 end,
    case when status = 1 then 1 else 0 end
  from list_members
  where status in (1, 2, 3) and ended_at <= $as_of
),

-- What happened after the reading of its day is in the counter of the next day only.
day_moves as (
  select
    m.list, m.new, m.unsubscribed, m.bounced, m.deleted,
    least($today, case
      when m.at > r.taken_at then cast(m.at at time zone $zone + interval '1 day' as date)
      else cast(m.at at time zone $zone as date)
    end) as day
  from moves as m
  left join day_readings as r on r.list = m.list and r.day = cast(m.at at time zone $zone as date)
),

day_sums as (
  select list, day, sum(new) as new, sum(unsubscribed) as unsubscribed, sum(bounced) as bounced, sum(deleted) as deleted
  from (
    select list, day, new, unsubscribed, bounced, deleted from day_moves
    union all
    select list, day, 0, 0, 0, 0 from day_readings
  ) as day_rows
  group by list, day
),

undated as (
  select list, count(*) as members
  from list_members
  where joined_at is null and (status = 1 or (status in (2, 3) and ended_at is not null))
  group by list
),

running_sums as (
  select
    s.*,
    r.active as read_active,
    k.yes as members_known,
    coalesce(u.members, 0) as members_before,
    sum(s.new - s.unsubscribed - s.bounced - s.deleted) over (partition by s.list order by s.day) as net_so_far,
    sum(s.new) over (partition by s.list order by s.day) as subscriptions_so_far,
    count(r.active) over (partition by s.list order by s.day) as nth_reading,
    count(r.active) over (partition by s.list) as readings
  from day_sums as s
  left join day_readings as r on r.list = s.list and r.day = s.day
  left join undated as u on u.list = s.list
  cross join memberships_loaded as k
),

-- What the counter of a reading is above the sum of all moves until then. Days before the first reading go by that.
levels as (
  select list, nth_reading, read_active - net_so_far as level
  from running_sums
  where read_active is not null
),

levelled as (
  select
    s.*,
    case when s.readings = 0 then s.members_before else l.level end as level,
    case when s.readings = 0 then s.members_before else l.level end + s.net_so_far as active,
    coalesce(
      case when s.nth_reading > 1 and s.read_active is not null then l.level - p.level end, 0
    ) as unexplained
  from running_sums as s
  left join levels as l on l.list = s.list and l.nth_reading = greatest(s.nth_reading, 1)
  left join levels as p on p.list = s.list and p.nth_reading = s.nth_reading - 1
),

memberships_read as (
  select cast(
    coalesce((select max(read_at) from _readings where entity = 'contactLists'), $as_of) at time zone $zone as date
  ) as day
)

select
  d.list,
  d.day,
  case when d.active >= 0 then d.active end as active,
  case
    when d.read_active is not null then 'read'
    when d.active < 0 then 'unknown'
    when d.nth_reading > 0 then 'between readings'
    else 'reconstructed'
  end as active_source,
  d.new - d.unsubscribed - d.bounced - d.deleted + d.unexplained as net,
  case when d.members_known and d.day <= m.day then d.new + greatest(d.unexplained, 0) end as new,
  case when d.members_known and d.day <= m.day then d.unsubscribed end as unsubscribed,
  case when d.members_known and d.day <= m.day then d.bounced end as bounced,
  case when d.members_known and d.day <= m.day then d.deleted + greatest(-d.unexplained, 0) end as deleted,
  case when d.members_known and d.day <= m.day then abs(d.unexplained) end as inferred,
  case when d.members_known then d.members_before + d.subscriptions_so_far end as contact_growth
from levelled as d
cross join memberships_read as m
