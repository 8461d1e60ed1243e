-- How healthy is each list: how many can be reached, and does it grow or shrink?
with member_counts as (
  select
    list,
    count(*) as members,
    count(*) filter (where status = 1) as active,
    count(*) filter (where status = 1 and not bounced and not gone) as reach,
    count(*) filter (where status = 0) as unconfirmed,
    count(*) filter (where status = 2) as unsubscribed,
    count(*) filter (where bounced) as hard_bounced,
    count(*) filter (where gone) as gone,
    count(*) filter (
      where status in (1, 2, 3) and joined_on > $recent_day and joined_on <= $today
    ) as new,
    count(*) filter (
      where status = 2 and left_on > $recent_day and left_on <= $today
    ) as left_since,
    count(*) filter (
      where (status = 3 and left_on > $recent_day and left_on <= $today)
        or (status = 1 and bounced and bounced_on > $recent_day and bounced_on <= $today)
    ) as bounced_since,
    count(*) filter (
      where status = 1 and not bounced and left_on > $recent_day and left_on <= $today
    ) as deleted_since,
    count(*) filter (
      where status in (1, 2, 3)
        and (joined_on is null or joined_on <= $recent_day)
        and (left_on is null or left_on > $recent_day)
    ) as active_at_start
  from list_members
  group by list
),

read_at_start as (
  select id, active_subscribers, row_number() over (partition by id order by day desc) as newest_first
  from lists_daily
  where day <= $recent_day
),

healths as (
  select
    l.id, l.name,
    coalesce(l.active_subscribers, m.active) as active,
    case
      when l.active_subscribers is not null then 'counter'
      when m.active is not null then 'memberships'
      else 'none'
    end as active_source,
    m.members, m.reach, m.unconfirmed, m.unsubscribed, m.hard_bounced, m.gone,
    m.new, m.left_since, m.bounced_since, m.deleted_since,
    coalesce(r.active_subscribers, m.active_at_start) as active_at_start,
    case
      when r.active_subscribers is not null then 'daily reading'
      when m.active_at_start is not null then 'reconstructed'
      else 'none'
    end as start_source
  from lists as l
  left join member_counts as m on m.list = l.id
  left join read_at_start as r on r.id = l.id and r.newest_first = 1
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
  gone,
  hard_bounced / nullif(cast(members as double), 0) as bounced_share,
  active_at_start,
  start_source,
  new,
  left_since,
  bounced_since,
  deleted_since,
  (new - left_since - bounced_since - deleted_since) / nullif(cast(active_at_start as double), 0) as list_growth_rate,
  (new - left_since) / nullif(cast(active as double), 0) as net_growth_of_total,
  (left_since + bounced_since + deleted_since) / nullif(cast(active_at_start as double), 0) as churn_rate
from healths
order by active desc, list_id
