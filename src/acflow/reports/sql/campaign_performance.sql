-- How did each campaign do: was it delivered, opened, clicked, and did people leave?
with rated as (
  select
    f.*,
    s.name as segment,
    coalesce(nullif(trim(concat_ws(' ', u.firstName, u.lastName)), ''), u.username) as owner,
    f.unique_opens / cast(f.base as double) as open_rate
  from campaign_facts as f
  left join segments as s on s.id = f.segmentid
  left join users as u on u.id = f.userid
)

select
  id as campaign_id,
  name as campaign,
  type,
  status_label as status,
  running,
  segment,
  owner,
  sent_at,
  sends,
  sends_source,
  delivered,
  recipients,
  $basis as basis,
  base,
  unique_opens,
  verified_opens,
  clickers,
  clickers_source,
  unsubscribes,
  delivered / cast(sent_base as double) as delivery_rate,
  open_rate,
  verified_opens / cast(base as double) as verified_open_rate,
  total_opens / cast(base as double) as total_open_rate,
  clickers / cast(base as double) as click_rate,
  link_clicks / cast(base as double) as link_click_rate,
  total_clicks / cast(base as double) as total_click_rate,
  clickers / nullif(cast(unique_opens as double), 0) as ctor,
  (coalesce(hard_bounces, 0) + coalesce(soft_bounces, 0)) / cast(sent_base as double) as bounce_rate,
  hard_bounces / cast(sent_base as double) as hard_bounce_rate,
  soft_bounces / cast(sent_base as double) as soft_bounce_rate,
  unsubscribes / cast(sent_base as double) as unsubscribe_rate,
  unsubscribes / cast(delivered_base as double) as unsubscribe_rate_of_delivered,
  forwards / cast(delivered_base as double) as forward_rate,
  replies / cast(delivered_base as double) as reply_rate,
  case when total_amt > 0 then least(send_amt / cast(total_amt as double), 1) end as send_progress,
  -- Wilson's interval at 95 per cent: what the open rate may truly be, which is wide where few were asked.
  case when open_rate <= 1 then
    (open_rate + 1.9208 / base - 1.96 * sqrt((open_rate * (1 - open_rate) + 0.9604 / base) / base)) / (1 + 3.8416 / base)
  end as open_rate_low,
  case when open_rate <= 1 then
    (open_rate + 1.9208 / base + 1.96 * sqrt((open_rate * (1 - open_rate) + 0.9604 / base) / base)) / (1 + 3.8416 / base)
  end as open_rate_high,
  case when sends >= $minimum_sends and open_rate is not null then
    rank() over (partition by (sends >= $minimum_sends and open_rate is not null) order by open_rate desc)
  end as "rank",
  nullif(flags, '') as flags
from rated
order by sent_at desc, campaign_id
