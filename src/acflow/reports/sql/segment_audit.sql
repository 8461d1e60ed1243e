-- Which segments are used, and what do they bring?
with segment_uses as (
  select
    segmentid,
    count(*) as campaigns,
    count(*) filter (where measurable) as sent_campaigns,
    min(sent_at) filter (where measurable) as first_used_at,
    max(sent_at) filter (where measurable) as last_used_at
  from campaign_facts
  where segmentid is not null
  group by segmentid
),

keyed as (
  select 1 as sign, 'segment' as grouping_key, segmentid as grouping_id, f.*
  from campaign_facts as f
  where segmentid is not null
)

select
  coalesce(s.id, u.segmentid) as segment_id,
  s.name as segment,
  coalesce(s.hidden, false) as hidden,
  case
    when s.id is null then 'missing'
    when u.sent_campaigns > 0 then 'used'
    when u.campaigns > 0 then 'planned'
    when s.seriesid is not null then 'automation'
    else 'never used'
  end as state,
  coalesce(u.campaigns, 0) as campaigns,
  coalesce(u.sent_campaigns, 0) as sent_campaigns,
  u.first_used_at,
  u.last_used_at,
  t.sends,
  t.delivered,
  t.open_rate,
  t.verified_open_rate,
  t.click_rate,
  t.unsubscribe_rate
from (select id, name, hidden, seriesid from segments where _deleted_at is null) as s
full join segment_uses as u on u.segmentid = s.id
left join campaign_totals as t on t.grouping_id = coalesce(s.id, u.segmentid)
order by sent_campaigns desc, segment_id
