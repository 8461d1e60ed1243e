-- Contacts by how long they have been inactive. An opening by Apple's privacy proxy proves no reader.
with contact_signs as (
  select
    t.id,
    coalesce(t.mpp_tracking, false) as by_proxy,
    coalesce(t.bounced_hard, false)
      or coalesce(trim(t.email), '') = ''
      or coalesce(t.deleted, false)
      or (m.active_lists = 0 and coalesce(m.last_left_at <= t.at, true)) as unmailable,
    extract(epoch from t.at) - extract(epoch from greatest(
      t.adate,
      t.last_click_date at time zone $zone,
      case when t.last_open_date is distinct from t.last_mpp_open_date then t.last_open_date at time zone $zone end
    )) as inactive_seconds
  from tier_contacts as t
  left join contact_memberships as m on m.contact = t.id
)

select
  id,
  by_proxy,
  case
    when coalesce(unmailable, false) then 'unmailable'
    when inactive_seconds is null then 'never'
    when inactive_seconds <= $recent * 86400 then 'recent'
    when inactive_seconds <= $engaged * 86400 then 'engaged'
    when inactive_seconds <= $disengaged * 86400 then 'disengaged'
    else 'inactive'
  end as tier
from contact_signs
