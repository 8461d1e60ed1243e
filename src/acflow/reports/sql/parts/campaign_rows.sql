-- Campaigns as they were last read, for campaign_facts.
select
  id, name, type, status, status_label, segmentid, userid, seriesid, cdate, sdate, ldate, trackreads, tracklinks,
  send_amt, total_amt, opens, uniqueopens, verified_opens, verified_unique_opens,
  linkclicks, uniquelinkclicks, subscriberclicks, hardbounces, softbounces, unsubscribes,
  coalesce(uniqueforwards, forwards) as forwarded, coalesce(uniquereplies, replies) as replied,
  cast(null as date) as day, cast(null as timestamptz) as taken_at
from campaigns
where _deleted_at is null
