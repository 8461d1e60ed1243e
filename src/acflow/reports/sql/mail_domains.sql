-- At which mail providers does our mail arrive, and at which is it read?
with mailed as (
  select contact, campaign, 1 as sent, 0 as hard, 0 as soft, 0 as opened, 0 as clicked
  from campaignSends
  where _deleted_at is null and sent_at >= $since
  union all
  select
    contact,
    campaign,
    0,
    case when type = 'hard' or (type is null and code like '5%') then 1 else 0 end,
    case when type = 'soft' or (type is null and code like '4%') then 1 else 0 end,
    0,
    0
  from campaignBounces
  where _deleted_at is null and bounced_at >= $since
  union all
  select contact, campaign, 0, 0, 0, 1 - clicked, clicked
  from reading_acts
  where last_at >= $since
),

pairs as (
  select
    contact,
    campaign,
    max(sent) as sent,
    max(hard) as hard,
    max(soft) as soft,
    max(opened) as opened,
    max(clicked) as clicked
  from mailed
  group by contact, campaign
),

domains as (
  select
    lower(trim(c.email_domain)) as domain,
    count(distinct p.contact) as contacts,
    sum(p.sent) as sends,
    sum(p.hard) as hard_bounces,
    sum(p.soft) as soft_bounces,
    sum(p.opened) as opens,
    sum(p.clicked) as clicks
  from pairs as p
  join contacts as c on c.id = p.contact
  where c._deleted_at is null and trim(c.email_domain) <> ''
  group by lower(trim(c.email_domain))
)

select
  domain,
  contacts,
  nullif(sends, 0) as sends,
  hard_bounces,
  soft_bounces,
  (hard_bounces + soft_bounces) / nullif(cast(sends as double), 0) as bounce_rate,
  opens,
  opens / nullif(cast(sends as double), 0) as open_rate,
  clicks,
  clicks / nullif(cast(sends as double), 0) as click_rate,
  coalesce(sends < $minimum_sends, true) as low_sample
from domains
order by contacts desc, domain
