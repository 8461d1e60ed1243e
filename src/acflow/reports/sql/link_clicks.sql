-- Which links of a campaign are clicked, and by how many?
with clicked_links as (
  select
    campaign,
    link,
    min(url) as url,
    count(distinct contact) as clickers,
    sum(times) as clicks
  from campaignClicks
  where _deleted_at is null
  group by campaign, link
),

clicking_contacts as (
  select campaign, count(distinct contact) as clickers
  from campaignClicks
  where _deleted_at is null
  group by campaign
)

select
  f.id as campaign_id,
  f.name as campaign,
  f.sent_at,
  l.link as link_id,
  l.url,
  l.clickers,
  l.clicks,
  l.clickers / nullif(cast(p.clickers as double), 0) as share_of_clickers,
  l.clickers / cast(f.base as double) as click_rate,
  row_number() over (partition by f.id order by l.clickers desc, l.clicks desc nulls last, l.link nulls last) as rank
from clicked_links as l
join clicking_contacts as p on p.campaign = l.campaign
join campaign_facts as f on f.id = l.campaign
where f.sent_at >= $since
order by sent_at desc, campaign_id, rank
