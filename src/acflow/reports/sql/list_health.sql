-- How healthy is each list: how many can be reached, and does it grow or shrink?
with member_counts as (
  select
    list,
    count(*) as members,
    count(*) filter (where status = 1) as active,
    count(*) filter (where status = 1 and not bounced) as reach,
    count(*) filter (where status = 0) as unconfirmed,
    count(*) filter (where status = 2) as unsubscribed,
    count(*) filter (where bounced) as hard_bounced
  from list_members
  where is_there
  group by list
),

period as (
  select
    list,
    sum(net) as net,
    sum(new) as new,
    sum(unsubscribed) as left_since,
    sum(bounced) as bounced_since,
    sum(deleted) as deleted_since,
    sum(inferred) as inferred_since,
    count(*) filter (where new is null) as unknown_days
  from list_days
  where day > $recent_day and day <= $today
  group by list
),

numbered_days as (
  select
    list, active, active_source, day,
    row_number() over (partition by list order by day desc) as newest_first,
    row_number() over (partition by list, day <= $recent_day order by day desc) as newest_of_part
  from list_days
),

healths as (
  select
    l.id, l.name,
    coalesce(l.active_subscribers, m.active, case when k.yes then 0 end) as active,
    case
      when l.active_subscribers is not null then 'counter'
      when k.yes then 'memberships'
      else 'none'
    end as active_source,
    case when k.yes then coalesce(m.members, 0) end as members,
    case when k.yes and (select count(*) from contacts) > 0 then coalesce(m.reach, 0) end as reach,
    case when k.yes then coalesce(m.unconfirmed, 0) end as unconfirmed,
    case when k.yes then coalesce(m.unsubscribed, 0) end as unsubscribed,
    case when k.yes then coalesce(m.hard_bounced, 0) end as hard_bounced,
    case when k.yes and coalesce(p.unknown_days, 0) = 0 then coalesce(p.new, 0) end as new,
    case when k.yes and coalesce(p.unknown_days, 0) = 0 then coalesce(p.left_since, 0) end as left_since,
    case when k.yes and coalesce(p.unknown_days, 0) = 0 then coalesce(p.bounced_since, 0) end
      as bounced_since,
    case when k.yes and coalesce(p.unknown_days, 0) = 0 then coalesce(p.deleted_since, 0) end
      as deleted_since,
    case when k.yes and coalesce(p.unknown_days, 0) = 0 then coalesce(p.inferred_since, 0) end
      as inferred_since,
    case when n.list is null and k.yes then 0 else n.active end as active_at_end,
    case
      when n.list is null and k.yes then 0
      when b.list is null and not k.yes then null -- no reading is as old as the window, and nothing tells what came before
      else n.active - coalesce(p.net, 0)
    end as active_at_start,
    case
      when n.list is null and k.yes then 'reconstructed'
      when n.list is null or (b.list is null and not k.yes) then 'none'
      when b.list is null then n.active_source
      else b.active_source
    end as start_source
  from lists as l
  left join member_counts as m on m.list = l.id
  left join period as p on p.list = l.id
  left join numbered_days as n on n.list = l.id and n.newest_first = 1
  left join numbered_days as b on b.list = l.id and b.newest_of_part = 1 and b.day <= $recent_day
  cross join memberships_loaded as k
  where l._deleted_at is null
)

select
  id as list_id,
  name as list,
  active,
  active_source,
  members,
  reach,
  unconfirmed,
  unsubscribed,
  hard_bounced,
  hard_bounced / nullif(cast(members as double), 0) as bounced_share,
  active_at_start,
  start_source,
  new,
  left_since,
  bounced_since,
  deleted_since,
  inferred_since,
  (active_at_end - active_at_start) / nullif(cast(active_at_start as double), 0) as list_growth_rate,
  (new - left_since) / nullif(cast(active as double), 0) as net_growth_of_total,
  (left_since + bounced_since + deleted_since) / nullif(cast(active_at_start as double), 0) as churn_rate
from healths
order by active desc, list_id
