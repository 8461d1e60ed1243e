-- Which stages each deal went through and when: by its log of activities, and by the change log from where that ends.
with visible_deals as (
  select d.id, d."group" as pipeline_id, d.stage, d.status, d.cdate, e.closed_at
  from deals as d
  left join deal_closings as e on e.id = d.id
  where not coalesce(d.isDisabled, false) and d._deleted_at is null
),

activity_log as (
  select count(*) > 0 as was_read, max(cdate) as ends_at
  from dealActivities
),

logged_moves as (
  select
    deal as id,
    cdate as moved_at,
    case when regexp_matches(dataAction, '^[0-9]{1,18}$') then cast(dataAction as bigint) else stage end as stage,
    case when regexp_matches(dataOldval, '^[0-9]{1,18}$') then cast(dataOldval as bigint) end as stage_before,
    row_number() over (partition by deal order by cdate, id) as nth,
    row_number() over (partition by deal order by cdate desc, id desc) as nth_from_end
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

moves_after_log as (
  select
    v.id, v.stage, v.stage_before, v._valid_from as moved_at,
    row_number() over (partition by v.id order by v._valid_from) as nth
  from versions as v
  cross join activity_log as l
  where v.nth > 1 and v.stage <> v.stage_before and (not l.was_read or v._valid_from > l.ends_at)
),

-- What the change log saw first may be the last move of the log of activities, seen only later.
later_moves as (
  select v.id, v.stage, v.stage_before, v.moved_at, v.nth
  from moves_after_log as v
  left join logged_moves as m on m.id = v.id and m.nth_from_end = 1
  where m.id is null or v.nth > 1 or v.stage <> m.stage
),

first_stages as (
  select
    d.id,
    coalesce(m.stage_before, n.stage_before, case when not l.was_read then v.stage end, d.stage) as stage,
    case
      -- The log of activities has every move; the change log has them all only of deals made since it began.
      when l.was_read then d.cdate
      when v.cdate >= (select min(_valid_from) from deals_history) then v.cdate
    end as entered_at,
    m.id is not null and m.stage_before is null as unknown,
    l.was_read or v.id is not null as seen
  from visible_deals as d
  cross join activity_log as l
  left join logged_moves as m on m.id = d.id and m.nth = 1
  left join later_moves as n on n.id = d.id and n.nth = 1
  left join versions as v on v.id = d.id and v.nth = 1
),

entries as (
  select id, stage, moved_at as entered_at
  from logged_moves
  union all
  select id, stage, moved_at
  from later_moves
  union all
  select id, stage, entered_at
  from first_stages
  where seen and not unknown and stage is not null
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
join visible_deals as d on d.id = e.id
