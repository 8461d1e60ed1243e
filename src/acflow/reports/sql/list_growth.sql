-- How did each list grow or shrink, day by day?
select
  d.day,
  d.list as list_id,
  coalesce(l.name, 'List ' || cast(d.list as varchar)) as list,
  d.active,
  d.active_source,
  d.new,
  d.unsubscribed,
  d.bounced,
  d.deleted,
  d.net,
  d.inferred,
  d.contact_growth
from list_days as d
left join lists as l on l.id = d.list
order by list_id, day
