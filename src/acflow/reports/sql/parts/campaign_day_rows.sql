-- Campaigns as they were read each day: the day's counters, with all else as it is now.
select
  c.id, c.name, c.type, c.status, c.status_label, c.segmentid, c.userid, c.seriesid, c.cdate, c.sdate, c.ldate,
  c.trackreads, c.tracklinks,
  d.send_amt, d.total_amt, d.opens, d.uniqueopens, d.verified_opens, d.verified_unique_opens,
  d.linkclicks, d.uniquelinkclicks, d.subscriberclicks, d.hardbounces, d.softbounces, d.unsubscribes,
  coalesce(d.uniqueforwards, d.forwards) as forwarded, coalesce(d.uniquereplies, d.replies) as replied,
  d.day, d._taken_at as taken_at
from campaigns_daily as d
join campaigns as c on c.id = d.id
where c._deleted_at is null
