-- Which stages each deal went through and when: by its log of activities, else by the change log.
with logged_moves as (
  select
    deal as id,
    cdate as moved_at,
    case when regexp_matches(dataAction, '^[0-9]{1,18}$') then cast(dataAction as bigint) else stage end as stage,
    case when regexp_matches(dataOldval, '^[0-9]{1,18}$') then cast(dataOldval as bigint) end as stage_before,
    row_number() over (partition by deal order by cdate, id) as nth
  from dealActivities
  where dataType = 'd_stageid' and not coalesce(deleted, false) and _deleted_at is null
),

versions as (
  select
    id, stage, _valid_from, cdate,
    lag(stage) over (partition by id order by _valid_from) as stage_before,
    row_number() over (partition by id order by _valid_from) as nth
  from deals_history
  where stage is not null
),

entries as (
  select m.id, m.stage, m.moved_at as entered_at
  from logged_moves as m
  union all
  select m.id, m.stage_before, d.cdate
  from logged_moves as m
  join sales_deals as d on d.id = m.id
  where m.nth = 1 and m.stage_before is not null
  union all
  -- A deal that the log never saw move has been where it is since it was made.
  select d.id, d.stage_id, d.cdate
  from sales_deals as d
  left join logged_moves as m on m.id = d.id
  where m.id is null and (select count(*) from dealActivities) > 0
  union all
  -- When a deal came into the stage in which it was first seen is known only if it was made after that.
  select
    v.id, v.stage,
    case
      when v.nth > 1 then v._valid_from
      when v.cdate >= (select min(_valid_from) from deals_history) then v.cdate
    end
  from versions as v
  where (v.nth = 1 or v.stage <> v.stage_before) and (select count(*) from dealActivities) = 0
)

select
  e.id,
  e.stage as stage_id,
  e.entered_at,
  coalesce(
    lead(e.entered_at) over (partition by e.id order by e.entered_at nulls first),
    d.closed_at
  ) as left_at,
  d.status = 0 and lead(e.stage) over (partition by e.id order by e.entered_at nulls first) is null as still_there,
  d.status,
  d.pipeline_id
from entries as e
join sales_deals as d on d.id = e.id
