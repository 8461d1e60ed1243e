-- Groups of campaigns: sums, and ratios of sums. Each ratio takes only campaigns whose numerator is known.
-- What was counted before a period began comes as a row of its own with the sign -1.
with campaign_gains as (
  select
    grouping_key, grouping_id, id,
    sum(case when measurable then sign * sends else 0 end) as sends,
    sum(case when sends_unknown then sign else 0 end) as times_unknown
  from keyed
  group by grouping_key, grouping_id, id
),

campaign_counts_of_group as (
  select
    grouping_key, grouping_id,
    count(*) filter (where sends > 0) as campaigns,
    count(*) filter (where sends <= 0 and times_unknown > 0) as campaigns_without_sends
  from campaign_gains
  group by grouping_key, grouping_id
),

campaign_sums as (
  select
    grouping_key,
    grouping_id,
    sum(case when measurable then sign * sends end) as sends,
    sum(case when measurable then sign * delivered end) as delivered,
    sum(sign * base) as base,
    sum(sign * unique_opens) as unique_opens,
    sum(sign * verified_opens) as verified_opens,
    sum(sign * clickers) as clickers,
    sum(case when measurable then sign * (coalesce(hard_bounces, 0) + coalesce(soft_bounces, 0)) end) as bounces,
    sum(sign * unsubscribes) as unsubscribes,
    sum(case when unique_opens is not null then sign * base end) as open_base,
    sum(case when verified_opens is not null then sign * base end) as verified_base,
    sum(case when clickers is not null then sign * base end) as click_base,
    sum(case when clickers is not null then sign * unique_opens end) as clicked_opens,
    sum(case when unique_opens is not null then sign * clickers end) as opened_clickers
  from keyed
  where measurable or sends_unknown
  group by grouping_key, grouping_id
)

select
  s.*,
  c.campaigns,
  c.campaigns_without_sends,
  delivered / nullif(cast(sends as double), 0) as delivery_rate,
  unique_opens / nullif(cast(open_base as double), 0) as open_rate,
  verified_opens / nullif(cast(verified_base as double), 0) as verified_open_rate,
  clickers / nullif(cast(click_base as double), 0) as click_rate,
  opened_clickers / nullif(cast(clicked_opens as double), 0) as ctor,
  bounces / nullif(cast(sends as double), 0) as bounce_rate,
  unsubscribes / nullif(cast(sends as double), 0) as unsubscribe_rate
from campaign_sums as s
join campaign_counts_of_group as c
  on c.grouping_key is not distinct from s.grouping_key and c.grouping_id is not distinct from s.grouping_id
