-- When each deal that is won or lost came to be so, and how that is known.
select
  d.id,
  coalesce(
    s.changed_at,
    a.changed_at,
    case when d.edate at time zone $zone <= $as_of then d.edate at time zone $zone end,
    d.mdate
  ) as closed_at,
  case
    when s.changed_at is not null then 'change log'
    when a.changed_at is not null then 'activities'
    when d.edate at time zone $zone <= $as_of then 'edate'
    when d.mdate is not null then 'mdate'
    else 'none'
  end as closed_source
from deals as d
left join deal_status_changes as s on s.id = d.id and s.status = d.status
left join deal_status_activities as a on a.id = d.id and a.status = cast(d.status as varchar)
where d.status in (1, 2)
