-- Which message of a split test did better?
with tried as (
  select
    m.campaign,
    m.message,
    m.percentage,
    f.*,
    f.unique_opens / cast(f.base as double) as open_rate,
    f.clickers / cast(f.base as double) as click_rate
  from campaign_message_facts as f
  join campaignMessages as m on m.id = f.id
  where f.type = 'split'
),

-- Wilson's interval at 95 per cent: two messages whose ranges overlap may differ by chance alone.
ranged as (
  select
    *,
    case when open_rate <= 1 then
      (open_rate + 1.9208 / base - 1.96 * sqrt((open_rate * (1 - open_rate) + 0.9604 / base) / base))
        / (1 + 3.8416 / base)
    end as open_rate_low,
    case when open_rate <= 1 then
      (open_rate + 1.9208 / base + 1.96 * sqrt((open_rate * (1 - open_rate) + 0.9604 / base) / base))
        / (1 + 3.8416 / base)
    end as open_rate_high
  from tried
),

others as (
  select r.id, max(o.open_rate_high) as open_rate_high
  from ranged as r
  join ranged as o on o.campaign = r.campaign and o.id <> r.id
  group by r.id
)

select
  r.campaign as campaign_id,
  c.name as campaign,
  r.message as message_id,
  r.name as subject,
  r.percentage / 100.0 as share,
  r.sent_at,
  r.sends,
  r.delivered,
  r.base,
  r.unique_opens,
  r.clickers,
  r.open_rate,
  r.click_rate,
  r.clickers / nullif(cast(r.unique_opens as double), 0) as ctor,
  r.unsubscribes / cast(r.sent_base as double) as unsubscribe_rate,
  r.open_rate_low,
  r.open_rate_high,
  r.open_rate_low > o.open_rate_high as significantly_better,
  nullif(r.flags, '') as flags
from ranged as r
join campaigns as c on c.id = r.campaign
left join others as o on o.id = r.id
order by sent_at desc, campaign_id, message_id
