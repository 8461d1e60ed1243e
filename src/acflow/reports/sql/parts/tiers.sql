-- The tiers in their order.
select 1 as place, 'recent' as tier
union all select 2, 'engaged'
union all select 3, 'disengaged'
union all select 4, 'inactive'
union all select 5, 'never'
union all select 6, 'unmailable'
