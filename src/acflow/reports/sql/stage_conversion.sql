-- Where in the pipeline do deals stop?
with stage_places as (
  select
    s.id, s.title, s."group" as pipeline_id, s."order" as stage_order,
    row_number() over (partition by s."group" order by s."order", s.id) as place,
    coalesce(p.title, 'Pipeline ' || cast(s."group" as varchar)) as pipeline
  from dealStages as s
  left join dealGroups as p on p.id = s."group"
  where s._deleted_at is null
),

reached as (
  select
    v.id,
    v.pipeline_id,
    min(s.place) as first_place,
    max(case when v.status = 1 then 1000000 else s.place end) as last_place,
    max(v.status) as status
  from stage_visits as v
  join stage_places as s on s.id = v.stage_id and s.pipeline_id = v.pipeline_id
  group by v.id, v.pipeline_id
  -- Through which stages a deal came before it was first seen, nobody knows.
  having count(*) filter (where v.entered_at is null) = 0
),

passages as (
  select
    s.id,
    count(r.id) as entered,
    count(r.id) filter (where r.last_place > s.place) as advanced,
    count(r.id) filter (where r.last_place = s.place and r.status = 0) as still_there
  from stage_places as s
  left join reached as r
    on r.pipeline_id = s.pipeline_id and r.first_place <= s.place and r.last_place >= s.place
  group by s.id
)

select
  s.pipeline,
  s.title as stage,
  s.stage_order,
  case when p.entered > 0 then p.entered end as entered,
  case when p.entered > 0 then p.still_there end as still_there,
  case when p.entered > 0 then p.advanced end as advanced,
  -- What may still go on has neither passed nor failed.
  p.advanced / nullif(cast(p.entered - p.still_there as double), 0) as conversion,
  case
    when (select count(*) from stage_visits) = 0 then 'no history of stages is known'
    when p.entered = 0 then 'no deal was seen to enter the stage'
    when p.entered = p.still_there then 'no deal has left the stage yet'
  end as reason
from stage_places as s
join passages as p on p.id = s.id
order by pipeline, stage_order, stage
