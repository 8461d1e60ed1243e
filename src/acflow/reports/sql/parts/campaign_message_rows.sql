-- Messages with their own counters, for campaign_facts: what they do not tell is that of their campaign.
select
  m.id, m.subject as name, c.type, c.status, c.status_label, c.segmentid, c.userid, c.seriesid, c.cdate, c.sdate,
  c.ldate, c.trackreads, c.tracklinks,
  m.send_amt, m.total_amt, m.opens, m.uniqueopens,
  cast(null as bigint) as verified_opens, cast(null as bigint) as verified_unique_opens,
  m.linkclicks, m.uniquelinkclicks, m.subscriberclicks, m.hardbounces, m.softbounces, m.unsubscribes,
  coalesce(m.uniqueforwards, m.forwards) as forwarded, coalesce(m.uniquereplies, m.replies) as replied,
  cast(null as date) as day, cast(null as timestamptz) as taken_at
from campaignMessages as m
join campaigns as c on c.id = m.campaign
where m._deleted_at is null and c._deleted_at is null
