-- Groups of campaigns: sums, and ratios of sums. Each ratio takes only campaigns whose numerator is known.
-- What was counted before a period began comes as a row of its own with the sign -1.
with campaign_sums as (
  select
    grouping_key,
    grouping_id,
    count(distinct case when sign = 1 then id end) as campaigns,
    sum(sign * sends) as sends,
    sum(sign * delivered) as delivered,
    sum(sign * base) as base,
    sum(sign * unique_opens) as unique_opens,
    sum(sign * verified_opens) as verified_opens,
    sum(sign * clickers) as clickers,
    sum(sign * (coalesce(hard_bounces, 0) + coalesce(soft_bounces, 0))) as bounces,
    sum(sign * unsubscribes) as unsubscribes,
    sum(case when unique_opens is not null then sign * base end) as open_base,
    sum(case when verified_opens is not null then sign * base end) as verified_base,
    sum(case when clickers is not null then sign * base end) as click_base,
    sum(case when clickers is not null then sign * unique_opens end) as clicked_opens,
    sum(case when unique_opens is not null then sign * clickers end) as opened_clickers
  from keyed
  where measurable
  group by grouping_key, grouping_id
)

select
  *,
  delivered / nullif(cast(sends as double), 0) as delivery_rate,
  unique_opens / nullif(cast(open_base as double), 0) as open_rate,
  verified_opens / nullif(cast(verified_base as double), 0) as verified_open_rate,
  clickers / nullif(cast(click_base as double), 0) as click_rate,
  opened_clickers / nullif(cast(clicked_opens as double), 0) as ctor,
  bounces / nullif(cast(sends as double), 0) as bounce_rate,
  unsubscribes / nullif(cast(sends as double), 0) as unsubscribe_rate
from campaign_sums
