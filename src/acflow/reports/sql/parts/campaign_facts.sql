-- Campaigns with the quantities that every e-mail rate is made of.
-- What was not tracked is null and not 0, and each numerator has the denominator that belongs to it.
with campaign_counts as (
  select
    *,
    case
      when send_amt > 0 then send_amt
      when type = 'responder' then coalesce(total_amt, 0)  -- autoresponders may leave send_amt at 0
      else 0
    end as sends,
    case
      when send_amt > 0 then 'send_amt'
      when type = 'responder' and total_amt > 0 then 'total_amt'
      else 'none'
    end as sends_source,
    coalesce(hardbounces, 0) + coalesce(softbounces, 0) as bounces,
    -- Sent again and again, so the totals are of no month.
    (seriesid is not null or type in ('responder', 'recurring', 'reminder', 'activerss')) as running,
    coalesce(ldate, sdate) as sent_at
  from campaign_rows
),

campaign_bases as (
  select
    *,
    greatest(sends - bounces, 0) as delivered,
    sends > 0 and coalesce(status, -1) not in (0, 7) as measurable,  -- 0 draft, 7 pending approval
    sends = 0 and coalesce(status, -1) not in (0, 7)
      and greatest(
        coalesce(total_amt, 0), coalesce(uniqueopens, 0), coalesce(opens, 0), coalesce(linkclicks, 0),
        coalesce(uniquelinkclicks, 0), coalesce(subscriberclicks, 0), bounces
      ) > 0 as sends_unknown,
    bounces > sends as more_bounces_than_sends
  from campaign_counts
),

campaign_denominators as (
  select
    *,
    greatest(coalesce(total_amt, 0), delivered) as recipients,
    case when measurable then
      nullif(case $basis when 'sends' then sends when 'total_amt' then coalesce(total_amt, 0) else delivered end, 0)
    end as base
  from campaign_bases
)

select
  id, name, type, status, status_label, segmentid, userid, seriesid, cdate, sdate, sent_at, running, day, taken_at,
  cast(date_trunc('month', sent_at at time zone $zone) as date) as month,
  sends, sends_source, delivered, recipients, measurable, sends_unknown, more_bounces_than_sends, base, send_amt, total_amt,
  case when measurable then sends end as sent_base,
  case when measurable then nullif(delivered, 0) end as delivered_base,
  case when measurable and coalesce(trackreads, true) then uniqueopens end as unique_opens,
  case when measurable and coalesce(trackreads, true) then opens end as total_opens,
  case when measurable and coalesce(trackreads, true) then verified_unique_opens end as verified_opens,
  case when measurable and coalesce(tracklinks, '') <> 'none' then coalesce(subscriberclicks, uniquelinkclicks) end
    as clickers,
  case when subscriberclicks is null then 'unique link clicks' else 'people' end as clickers_source,
  case when measurable and coalesce(tracklinks, '') <> 'none' then uniquelinkclicks end as link_clicks,
  case when measurable and coalesce(tracklinks, '') <> 'none' then linkclicks end as total_clicks,
  case when measurable then hardbounces end as hard_bounces,
  case when measurable then softbounces end as soft_bounces,
  case when measurable then unsubscribes end as unsubscribes,
  case when measurable then forwarded end as forwards,
  case when measurable then replied end as replies,
  concat_ws(
    ', ',
    case when status = 0 then 'draft' end,
    case when status = 7 then 'pending approval' end,
    case when sends_unknown then 'sends unknown' end,
    case when sends = 0 and not sends_unknown and coalesce(status, -1) not in (0, 7) then 'nothing sent' end,
    case when measurable and trackreads = false then 'opens not tracked' end,
    case when measurable and tracklinks = 'none' then 'clicks not tracked' end,
    case when measurable and (uniqueopens > base or subscriberclicks > base) then 'rate above 1' end,
    case when measurable and more_bounces_than_sends then 'more bounces than sends' end
  ) as flags
from campaign_denominators
