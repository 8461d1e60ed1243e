-- Who stands behind each deal?
select
  d.id as deal_id,
  d.title as deal,
  case d.status when 0 then 'open' when 1 then 'won' when 2 then 'lost' end as status,
  d.pipeline,
  d.stage,
  d.owner,
  d.currency,
  d.amount,
  d.probability,
  d.probability_source,
  d.forecast_date,
  d.closed_at,
  d.closed_source,
  d.contact_id,
  c.email,
  nullif(trim(concat_ws(' ', c.firstName, c.lastName)), '') as contact,
  a.name as account,
  c.bounced_hard as contact_bounced,
  case
    when d.contact_id is null then 'no contact'
    when c.id is null then 'contact not found'
    when coalesce(c.deleted, false) or c._deleted_at is not null then 'contact deleted'
  end as contact_issue
from sales_deals as d
left join contacts as c on c.id = d.contact_id
left join accounts as a on a.id = d.account_id
order by deal_id
