-- What do we know of each contact: lists, deals and forms in one row?
with contact_deals as (
  select
    contact_id,
    count(*) filter (where status = 0) as open_deals,
    count(*) filter (where status = 1) as won_deals,
    count(*) filter (where status = 2) as lost_deals,
    min(cdate) as first_deal_at,
    case when count(distinct currency) = 1 then min(currency) end as currency,
    case when count(distinct currency) = 1 then coalesce(sum(amount) filter (where status = 0), 0) end as open_amount,
    case when count(distinct currency) = 1 then coalesce(sum(amount) filter (where status = 1), 0) end as won_amount,
    count(distinct currency) as currencies
  from sales_deals
  where contact_id is not null
  group by contact_id
)

select
  c.id as contact_id,
  c.email,
  nullif(trim(concat_ws(' ', c.firstName, c.lastName)), '') as contact,
  a.name as account,
  c.cdate as created_at,
  t.tier,
  m.lists,
  m.active_lists,
  m.first_joined_at,
  m.forms,
  f.name as form,
  coalesce(d.open_deals, 0) as open_deals,
  coalesce(d.won_deals, 0) as won_deals,
  coalesce(d.lost_deals, 0) as lost_deals,
  d.first_deal_at,
  d.currency,
  d.open_amount,
  d.won_amount,
  coalesce(d.currencies, 0) as currencies
from contacts as c
left join contact_tiers as t on t.id = c.id
left join contact_memberships as m on m.contact = c.id
left join contact_deals as d on d.contact_id = c.id
left join accounts as a on a.id = c.orgid
left join forms as f on f.id = m.first_form
where c._deleted_at is null
order by contact_id
