-- How often deals that were ever in a stage were won, of those that are closed.
select
  v.stage,
  count(*) filter (where d.status = 1) / cast(count(*) as double) as win_rate
from (select distinct id, stage from deals_history where stage is not null) as v
join deals as d on d.id = v.id
where d.status in (1, 2) and not coalesce(d.isDisabled, false) and d._deleted_at is null
group by v.stage
