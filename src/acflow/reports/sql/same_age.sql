-- How do campaigns compare at the same age: a day, two days and a week after sending?
with ages as (
  select 24 as hours, '24 h' as age
  union all select 48, '48 h'
  union all select 168, '7 d'
),

due as (
  select f.id, f.name, f.type, f.sdate, a.hours, a.age
  from campaign_facts as f
  cross join ages as a
  where f.measurable and not f.running
    and f.sdate >= (select min(taken_at) from campaign_day_facts)
    and extract(epoch from $as_of) - extract(epoch from f.sdate) >= a.hours * 3600
),

aged as (
  select
    d.id, d.age, r.sends, r.base, r.unique_opens, r.verified_opens, r.clickers,
    (extract(epoch from r.taken_at) - extract(epoch from d.sdate)) / 3600.0 as read_after_hours,
    row_number() over (partition by d.id, d.age order by r.taken_at) as earliest
  from due as d
  join campaign_day_facts as r on r.id = d.id
  where extract(epoch from r.taken_at) - extract(epoch from d.sdate) >= d.hours * 3600
    and extract(epoch from r.taken_at) - extract(epoch from d.sdate) < (d.hours + 24) * 3600
)

select
  d.id as campaign_id,
  d.name as campaign,
  d.type,
  d.sdate as sent_at,
  d.age,
  d.hours,
  a.read_after_hours,
  a.sends,
  a.unique_opens / cast(a.base as double) as open_rate,
  a.verified_opens / cast(a.base as double) as verified_open_rate,
  a.clickers / cast(a.base as double) as click_rate,
  a.clickers / nullif(cast(a.unique_opens as double), 0) as ctor,
  case when a.id is null then 'no reading within a day of that age' end as reason
from due as d
left join aged as a on a.id = d.id and a.age = d.age and a.earliest = 1
order by hours, sent_at desc, campaign_id
