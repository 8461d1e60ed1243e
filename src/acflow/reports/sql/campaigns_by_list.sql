-- How do campaigns do on each list?
with mailed_lists as (
  select distinct campaign, list
  from campaignLists
  where _deleted_at is null
),

breadth as (
  select campaign, count(*) as lists
  from mailed_lists
  group by campaign
),

keyed as (
  select
    1 as sign,
    coalesce(l.name, 'List ' || cast(m.list as varchar)) as grouping_key,
    m.list as grouping_id,
    b.lists,
    f.*
  from mailed_lists as m
  join breadth as b on b.campaign = m.campaign
  join campaign_facts as f on f.id = m.campaign
  left join lists as l on l.id = m.list
),

shared as (
  select grouping_id, count(distinct id) as shared_campaigns
  from keyed
  where measurable and lists > 1
  group by grouping_id
)

select
  t.grouping_id as list_id,
  t.grouping_key as list,
  coalesce(s.shared_campaigns, 0) as shared_campaigns,
  t.*
from campaign_totals as t
left join shared as s on s.grouping_id = t.grouping_id
order by sends desc, list_id
