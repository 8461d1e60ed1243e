-- Memberships of people who can get mail: when they began and ended, and whether mail still reaches the contact.
-- Those of other channels, such as SMS, of contacts marked as deleted and of contacts without an address are none.
-- Memberships and contacts that were deleted are among them up to the day on which a reading missed them.
with contact_states as (
  select id, email, bounced_hard, bounced_date, deleted, _deleted_at
  from contacts
  union all
  select d.id, d.email, d.bounced_hard, d.bounced_date, d.deleted, d._deleted_at
  from contacts_deleted as d
  left join contacts as c on c.id = d.id
  where c.id is null
),

memberships as (
  select id, contact, list, status, form, channel, sdate, udate, _deleted_at
  from contactLists
  union all
  select d.id, d.contact, d.list, d.status, d.form, d.channel, d.sdate, d.udate, d._deleted_at
  from contactLists_deleted as d
  left join contactLists as m on m.id = d.id
  where m.id is null
),

contacts_known as (
  select count(*) > 0 as yes
  from contacts
),

ended_members as (
  select
    m.contact,
    m.list,
    m.status,
    m.form,
    m.sdate as joined_at,
    case
      when m.status = 2 then coalesce(m.udate, m.sdate)
      when m.status = 3 then coalesce(cast(c.bounced_date as timestamp) at time zone $zone, m.sdate)
      else least(m._deleted_at, c._deleted_at)
    end as ended_at,
    coalesce(c.bounced_hard, false) as bounced,
    m._deleted_at is null and c._deleted_at is null as is_there
  from memberships as m
  cross join contacts_known as k
  left join contact_states as c on c.id = m.contact
  where coalesce(nullif(lower(m.channel), ''), 'email') = 'email'
    and (not k.yes or c.id is not null)
    and not coalesce(c.deleted, false)
    and (not k.yes or coalesce(trim(c.email), '') <> '')
)

select
  contact, list, status, form, joined_at, bounced, is_there,
  case when ended_at < joined_at then joined_at else ended_at end as ended_at
from ended_members
