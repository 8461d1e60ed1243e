-- How much of what looks like opening is Apple's privacy proxy?
select
  month,
  month = $this_month as partial,
  count(*) as campaigns,
  sum(unique_opens) as unique_opens,
  sum(verified_opens) as verified_opens,
  sum(unique_opens - verified_opens) as proxy_opens,
  sum(unique_opens - verified_opens) / nullif(cast(sum(unique_opens) as double), 0) as proxy_share,
  sum(unique_opens) / nullif(cast(sum(base) as double), 0) as open_rate,
  sum(verified_opens) / nullif(cast(sum(base) as double), 0) as verified_open_rate
from campaign_facts
where measurable and not running and month is not null and unique_opens is not null and verified_opens is not null
group by month
order by month
