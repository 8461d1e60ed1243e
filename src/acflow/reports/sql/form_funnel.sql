-- What do forms bring: entries, contacts, deals, and deals won?
with people_source as (
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
  cross join people_source as s
  where not s.by_form and m.form is not null and m._deleted_at is null
),

form_contacts as (
  select form, count(*) as matched_contacts
  from form_people
  group by form
),

brought_deals as (
  select p.form, p.contact, d.status, coalesce(d.currency, 'none') as currency, d.amount
  from form_people as p
  join sales_deals as d on d.contact_id = p.contact
),

form_totals as (
  select
    form,
    count(*) as contact_deals,
    count(*) filter (where status = 1) as won_deals,
    count(distinct case when status = 1 then contact end) as won_contacts,
    count(distinct currency) as currencies,
    case when count(distinct currency) = 1 then min(currency) end as currency,
    case when count(distinct currency) = 1 then coalesce(sum(amount) filter (where status = 1), 0) end as won_amount
  from brought_deals
  group by form
),

form_currencies as (
  select
    b.form,
    b.currency,
    count(*) as contact_deals,
    count(*) filter (where b.status = 1) as won_deals,
    count(distinct case when b.status = 1 then b.contact end) as won_contacts,
    coalesce(sum(b.amount) filter (where b.status = 1), 0) as won_amount
  from brought_deals as b
  join form_totals as t on t.form = b.form and t.currencies > 1
  group by b.form, b.currency
),

funnel as (
  select
    f.id as form_id,
    f.name as form,
    f.entries,
    f.contacts,
    f.deals,
    case when f.contacts <= f.entries then f.contacts / nullif(cast(f.entries as double), 0) end as contacts_per_entry,
    f.deals / nullif(cast(f.contacts as double), 0) as deals_per_contact,
    case when s.by_form then 'formContacts' else 'contactLists' end as contacts_source,
    case when s.by_form or c.form is not null then coalesce(c.matched_contacts, 0) end as matched_contacts,
    case when s.by_form or c.form is not null then coalesce(t.contact_deals, 0) end as contact_deals,
    case when s.by_form or c.form is not null then coalesce(t.won_deals, 0) end as won_deals,
    case when s.by_form or c.form is not null then coalesce(t.won_contacts, 0) end as won_contacts,
    coalesce(t.won_contacts, 0) / nullif(cast(c.matched_contacts as double), 0) as won_contact_share,
    t.currency,
    t.won_amount,
    nullif(concat_ws(
      '; ',
      case when not s.by_form and c.form is null then 'no membership names this form' end,
      case when f.contacts > f.entries then 'the form counts more contacts than entries' end,
      case when t.currencies > 1 then 'amounts of several currencies are not added' end
    ), '') as reason
  from forms as f
  cross join people_source as s
  left join form_contacts as c on c.form = f.id
  left join form_totals as t on t.form = f.id
  where f._deleted_at is null
  union all
  select
    f.id, f.name, null, null, null, null, null, null, null,
    c.contact_deals, c.won_deals, c.won_contacts, null, c.currency, c.won_amount, null
  from form_currencies as c
  join forms as f on f.id = c.form
  where f._deleted_at is null
)

select
  form_id, form, entries, contacts, deals, contacts_per_entry, deals_per_contact, contacts_source, matched_contacts,
  contact_deals, won_deals, won_contacts, won_contact_share, currency, won_amount, reason
from funnel
order by form_id, currency nulls first
