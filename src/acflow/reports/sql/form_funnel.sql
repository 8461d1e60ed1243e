-- What do forms bring: entries, contacts, deals, and deals won?
with told as (
  select count(*) > 0 as by_form
  from formContacts
  where _deleted_at is null
),

form_people as (
  select form, contact
  from formContacts
  where _deleted_at is null
  union
  select m.form, m.contact
  from contactLists as m
  cross join told
  where not told.by_form and m.form is not null and m._deleted_at is null
),

form_contacts as (
  select form, count(*) as matched_contacts
  from form_people
  group by form
),

form_deals as (
  select
    p.form,
    count(*) as contact_deals,
    count(*) filter (where d.status = 1) as won_deals,
    case when count(distinct d.currency) = 1 then min(d.currency) end as currency,
    case when count(distinct d.currency) = 1 then coalesce(sum(d.amount) filter (where d.status = 1), 0) end
      as won_amount
  from form_people as p
  join sales_deals as d on d.contact_id = p.contact
  group by p.form
)

select
  f.id as form_id,
  f.name as form,
  f.entries,
  f.contacts,
  f.deals,
  f.contacts / nullif(cast(f.entries as double), 0) as contacts_per_entry,
  f.deals / nullif(cast(f.contacts as double), 0) as deals_per_contact,
  case when t.by_form then 'formContacts' else 'contactLists' end as contacts_source,
  case when t.by_form or c.form is not null then coalesce(c.matched_contacts, 0) end as matched_contacts,
  case when t.by_form or c.form is not null then coalesce(d.contact_deals, 0) end as contact_deals,
  case when t.by_form or c.form is not null then coalesce(d.won_deals, 0) end as won_deals,
  coalesce(d.won_deals, 0) / nullif(cast(c.matched_contacts as double), 0) as won_per_contact,
  d.currency,
  d.won_amount,
  case when not t.by_form and c.form is null then 'no membership names this form' end as reason
from forms as f
cross join told as t
left join form_contacts as c on c.form = f.id
left join form_deals as d on d.form = f.id
where f._deleted_at is null
order by f.entries desc, form_id
