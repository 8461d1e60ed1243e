-- How often closed deals that were ever in a stage were won. A deal counts only where its whole way is known: those
-- that were already on their way when the change log began are known by their last stage, where the lost ones stand.
-- Below ten closed deals the rate of the pipeline is taken, and below ten there too none.
with closed_ways as (
  select id, count(*) filter (where entered_at is null) as unknown_entries
  from stage_visits
  where status in (1, 2)
  group by id
),

known_visits as (
  select v.id, v.stage_id, v.status
  from stage_visits as v
  join closed_ways as w on w.id = v.id
  where w.unknown_entries = 0
  group by v.id, v.stage_id, v.status
),

stage_outcomes as (
  select stage_id, count(*) as closed, count(*) filter (where status = 1) as won
  from known_visits
  group by stage_id
),

pipeline_outcomes as (
  select d."group" as pipeline_id, count(*) as closed, count(*) filter (where d.status = 1) as won
  from deals as d
  where d.status in (1, 2) and not coalesce(d.isDisabled, false) and d._deleted_at is null
  group by d."group"
),

places as (
  select "group" as pipeline_id, stage as stage_id
  from deals
  where stage is not null
  group by "group", stage
)

select
  p.pipeline_id,
  p.stage_id,
  case
    when s.closed >= 10 then s.won / cast(s.closed as double)
    when l.closed >= 10 then l.won / cast(l.closed as double)
  end as win_rate,
  case
    when s.closed >= 10 then 'stage history'
    when l.closed >= 10 then 'pipeline history'
  end as source
from places as p
left join stage_outcomes as s on s.stage_id = p.stage_id
left join pipeline_outcomes as l on l.pipeline_id = p.pipeline_id
