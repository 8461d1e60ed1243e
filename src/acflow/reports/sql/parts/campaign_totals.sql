-- Groups of campaigns: sums, and ratios of sums. Each sum below a line counts only campaigns whose numerator is known.
with campaign_sums as (
  select
    grouping_key,
    grouping_id,
    count(*) as campaigns,
    sum(sends) as sends,
    sum(delivered) as delivered,
    sum(base) as base,
    sum(unique_opens) as unique_opens,
    sum(verified_opens) as verified_opens,
    sum(clickers) as clickers,
    sum(coalesce(hard_bounces, 0) + coalesce(soft_bounces, 0)) as bounces,
    sum(hard_bounces) as hard_bounces,
    sum(soft_bounces) as soft_bounces,
    sum(unsubscribes) as unsubscribes,
    sum(forwards) as forwards,
    sum(replies) as replies,
    sum(case when unique_opens is not null then base end) as open_base,
    sum(case when verified_opens is not null then base end) as verified_base,
    sum(case when clickers is not null then base end) as click_base,
    sum(case when clickers is not null then unique_opens end) as clicked_opens,
    sum(case when unique_opens is not null then clickers end) as opened_clickers
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
