-- Who became active again and who became inactive in the recent period?
with moved as (
  select
    case when b.id is null then 'new' else b.tier end as from_tier,
    case when n.id is null then 'deleted' else n.tier end as to_tier
  from contact_tiers as n
  full join contact_tiers_then as b on b.id = n.id
)

select
  m.from_tier,
  m.to_tier,
  count(*) as contacts,
  min(b.place) > min(n.place) and m.to_tier <> 'unmailable' as reactivated
from moved as m
left join tiers as b on b.tier = m.from_tier
left join tiers as n on n.tier = m.to_tier
where (select count(*) from contact_tiers_then) > 0
group by m.from_tier, m.to_tier
order by from_tier, to_tier
