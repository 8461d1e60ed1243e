-- Memberships with the days on which they began and ended, and whether mail can still reach the contact.
select
  m.contact,
  m.list,
  m.status,
  m.form,
  cast(m.sdate at time zone $zone as date) as joined_on,
  case
    when m.status = 2 then coalesce(cast(m.udate at time zone $zone as date), cast(m.sdate at time zone $zone as date))
    when m.status = 3 then coalesce(c.bounced_date, cast(m.sdate at time zone $zone as date))
    when c._deleted_at is not null then cast(c._deleted_at at time zone $zone as date)
  end as left_on,
  coalesce(c.bounced_hard, false) as bounced,
  c.bounced_date as bounced_on,
  c.id is null or coalesce(c.deleted, false) or c._deleted_at is not null as gone,
  cast(c._deleted_at at time zone $zone as date) as gone_on
from contactLists as m
left join contacts as c on c.id = m.contact
where m._deleted_at is null
