-- How did each list grow or shrink, day by day?
with list_events as (
  select list, joined_on as day, 1 as new, 0 as unsubscribed, 0 as bounced, 0 as gone
  from list_members
  where status in (1, 2, 3) and joined_on <= $today
  union all
  select
    list, left_on, 0,
    case when status = 2 then 1 else 0 end,
    case when status = 3 then 1 else 0 end,
    case when status = 1 then 1 else 0 end
  from list_members
  where status in (1, 2, 3) and left_on <= $today
  union all
  select id, day, 0, 0, 0, 0
  from lists_daily
  where day <= $today
),

list_days as (
  select list, day, sum(new) as new, sum(unsubscribed) as unsubscribed, sum(bounced) as bounced, sum(gone) as gone
  from list_events
  group by list, day
),

undated as (
  select list, count(*) as members
  from list_members
  where status in (1, 2, 3) and joined_on is null
  group by list
),

known_lists as (
  select list
  from list_members
  group by list
),

list_totals as (
  select
    d.*,
    coalesce(u.members, 0) as members_before,
    sum(d.new - d.unsubscribed - d.bounced - d.gone) over (partition by d.list order by d.day) as net_so_far,
    sum(d.new) over (partition by d.list order by d.day) as subscriptions_so_far
  from list_days as d
  left join undated as u on u.list = d.list
)

select
  t.day,
  t.list as list_id,
  coalesce(l.name, 'List ' || cast(t.list as varchar)) as list,
  coalesce(r.active_subscribers, case when k.list is not null then t.members_before + t.net_so_far end) as active,
  case
    when r.active_subscribers is not null then 'read'
    when k.list is not null then 'reconstructed'
    else 'none'
  end as active_source,
  case when k.list is not null then t.new end as new,
  case when k.list is not null then t.unsubscribed end as unsubscribed,
  case when k.list is not null then t.bounced end as bounced,
  case when k.list is not null then t.gone end as gone,
  case when k.list is not null then t.new - t.unsubscribed - t.bounced - t.gone end as net,
  case when k.list is not null then t.members_before + t.subscriptions_so_far end as contact_growth
from list_totals as t
left join known_lists as k on k.list = t.list
left join lists as l on l.id = t.list
left join lists_daily as r on r.id = t.list and r.day = t.day
order by list_id, day
