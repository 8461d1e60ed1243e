-- Who really reads our mail, how lately and how often?
with readers as (
  select
    contact,
    extract(epoch from $as_of) - extract(epoch from max(last_at)) as inactive_seconds,
    count(distinct case when last_at >= $since then campaign end) as campaigns,
    max(case when last_at >= $since then clicked else 0 end) as clicked
  from reading_acts
  group by contact
),

placed as (
  select
    t.id,
    case
      when r.inactive_seconds is null then 'never'
      when r.inactive_seconds <= $recent * 86400 then 'recent'
      when r.inactive_seconds <= $engaged * 86400 then 'engaged'
      when r.inactive_seconds <= $disengaged * 86400 then 'disengaged'
      else 'inactive'
    end as recency,
    case
      when coalesce(r.campaigns, 0) = 0 then 'none'
      when r.campaigns = 1 then '1'
      when r.campaigns <= 4 then '2 to 4'
      else '5 and more'
    end as frequency,
    case when r.clicked = 1 then t.id end as clicker
  from contact_tiers as t
  left join readers as r on r.contact = t.id
  where t.tier <> 'unmailable'
),

counted as (
  select recency, frequency, count(*) as contacts, count(clicker) as clickers
  from placed
  group by recency, frequency
),

everybody as (select sum(contacts) as contacts from counted)

select
  t.place as recency_order,
  c.recency,
  c.frequency,
  c.contacts,
  c.contacts / nullif(cast(e.contacts as double), 0) as share,
  c.clickers,
  c.clickers / nullif(cast(c.contacts as double), 0) as clicker_share
from counted as c
join tiers as t on t.tier = c.recency
cross join everybody as e
order by recency_order, frequency
