-- At which hour is mail sent that people open soon?
with quick as (
  select campaign, count(distinct contact) as openers
  from opening_delays
  where seconds < 24 * 3600
  group by campaign
),

sent as (
  select
    f.id,
    cast(extract(hour from f.sdate at time zone $zone) as bigint) as hour,
    f.sends,
    f.base,
    q.openers
  from campaign_facts as f
  join quick as q on q.campaign = f.id
  where f.base > 0 and extract(epoch from $as_of) - extract(epoch from f.sdate) >= 24 * 3600
),

hours as (
  select
    hour,
    count(*) as campaigns,
    sum(sends) as sends,
    sum(base) as base,
    sum(openers) as openers,
    sum(openers) / nullif(cast(sum(base) as double), 0) as opened_in_a_day,
    coalesce(sum(sends) < $minimum_sends, true) as low_sample
  from sent
  group by hour
)

select
  hour,
  campaigns,
  sends,
  base,
  openers,
  opened_in_a_day,
  low_sample,
  case when not low_sample then rank() over (partition by low_sample order by opened_in_a_day desc) end as rank
from hours
order by hour
