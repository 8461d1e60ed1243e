-- Contacts by how long they have been silent. An opening by Apple's privacy proxy proves no reader.
with tier_memberships as (
  select
    m.contact,
    count(*) filter (where m.status = 1 or (m.status in (2, 3) and m.udate > t.at)) as active
  from contactLists as m
  join tier_contacts as t on t.id = m.contact
  where m._deleted_at is null
  group by m.contact
),

contact_signs as (
  select
    t.id,
    coalesce(t.mpp_tracking, false) as by_proxy,
    coalesce(t.bounced_hard, false) or coalesce(t.deleted, false) or m.active = 0 as unmailable,
    extract(epoch from t.at) - extract(epoch from greatest(
      t.adate,
      t.last_click_date at time zone $zone,
      case when t.last_open_date is distinct from t.last_mpp_open_date then t.last_open_date at time zone $zone end
    )) as silent_seconds
  from tier_contacts as t
  left join tier_memberships as m on m.contact = t.id
)

select
  id,
  by_proxy,
  case
    when coalesce(unmailable, false) then 'unmailable'
    when silent_seconds is null then 'never'
    when silent_seconds <= $recent * 86400 then 'recent'
    when silent_seconds <= $engaged * 86400 then 'engaged'
    when silent_seconds <= $disengaged * 86400 then 'disengaged'
    else 'inactive'
  end as tier
from contact_signs
