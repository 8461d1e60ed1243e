-- How long do deals stay in each stage, and which are stuck?
with stays as (
  select
    stage_id,
    still_there,
    case when not still_there then (extract(epoch from left_at) - extract(epoch from entered_at)) / 86400.0 end
      as stayed_days,
    case when still_there then (extract(epoch from $as_of) - extract(epoch from entered_at)) / 86400.0 end
      as waiting_days
  from stage_visits
),

usual_stays as (
  select
    stage_id,
    count(*) filter (where stayed_days >= 0) as finished_stays,
    median(stayed_days) filter (where stayed_days >= 0) as median_days,
    count(*) filter (where still_there) as open_deals,
    median(waiting_days) filter (where waiting_days >= 0) as open_median_days
  from stays
  group by stage_id
),

stuck as (
  select s.stage_id, count(*) as stuck_deals
  from stays as s
  join usual_stays as u on u.stage_id = s.stage_id
  where s.waiting_days > 2 * u.median_days
  group by s.stage_id
)

select
  coalesce(p.title, 'Pipeline ' || cast(t."group" as varchar)) as pipeline,
  t.title as stage,
  t."order" as stage_order,
  case when (select count(*) from stage_visits) > 0 then coalesce(u.finished_stays, 0) end as finished_stays,
  u.median_days,
  case when (select count(*) from stage_visits) > 0 then coalesce(u.open_deals, 0) end as open_deals,
  u.open_median_days,
  case when u.median_days is not null then coalesce(s.stuck_deals, 0) end as stuck_deals,
  case
    when (select count(*) from stage_visits) = 0 then 'no history of stages is known'
    when u.median_days is null then 'no deal was seen to leave the stage'
  end as reason
from dealStages as t
left join dealGroups as p on p.id = t."group"
left join usual_stays as u on u.stage_id = t.id
left join stuck as s on s.stage_id = t.id
where t._deleted_at is null
order by pipeline, stage_order, stage
