-- How long after sending contacts opened mail that was sent once; what a proxy is known to have fetched is left out.
select
  f.id as campaign,
  o.contact,
  extract(epoch from o.last_at) - extract(epoch from f.sdate) as seconds
from campaignOpens as o
join campaign_facts as f on f.id = o.campaign
where o._deleted_at is null and not coalesce(o.prefetched, false)
  and f.measurable and not f.running and f.sdate >= $since and o.last_at >= f.sdate
