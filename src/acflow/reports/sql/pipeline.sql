-- What is in the pipeline now: by pipeline, stage, owner, probability and currency?
select
  pipeline,
  stage,
  stage_order,
  owner,
  case
    when probability is null then 'unknown'
    when probability < 0.25 then '0 to 24 %'
    when probability < 0.5 then '25 to 49 %'
    when probability < 0.75 then '50 to 74 %'
    else '75 % and more'
  end as probability_band,
  currency,
  count(*) as deals,
  sum(amount) as amount,
  sum(amount * probability) as weighted_amount,
  sum(case when probability is null then coalesce(amount, 0) else 0 end) as amount_without_probability,
  sum(case when probability is null then amount else 0 end) / nullif(cast(sum(amount) as double), 0)
    as share_without_probability
from sales_deals
where status = 0
group by pipeline, stage, stage_order, owner, probability_band, currency
order by pipeline, stage_order, stage, owner, probability_band, currency
