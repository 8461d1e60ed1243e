-- How many contacts are still with us, and how many have become inactive?
with tier_counts as (
  select tier, count(*) as contacts, count(*) filter (where by_proxy) as proxy_contacts
  from contact_tiers
  group by tier
),

everybody as (
  select
    sum(contacts) as contacts,
    sum(case when tier <> 'unmailable' then contacts end) as mailable
  from tier_counts
)

select
  t.place as tier_order,
  t.tier,
  coalesce(c.contacts, 0) as contacts,
  coalesce(c.contacts, 0) / nullif(cast(e.contacts as double), 0) as share,
  case when t.tier <> 'unmailable' then coalesce(c.contacts, 0) / nullif(cast(e.mailable as double), 0) end
    as share_of_mailable,
  coalesce(c.proxy_contacts, 0) as proxy_contacts,
  c.proxy_contacts / nullif(cast(c.contacts as double), 0) as proxy_share
from tiers as t
left join tier_counts as c on c.tier = t.tier
cross join everybody as e
order by tier_order
