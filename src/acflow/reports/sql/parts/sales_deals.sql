-- Deals that count: seen in full and not deleted, with the probability, the dates and the amount that reports go by.
with seen_deals as (
  select
    d.id, d.title, d."group" as pipeline_id, d.stage as stage_id, d.owner as owner_id, d.contact as contact_id,
    d.account as account_id, d.status, d.cdate, d.mdate, d.nextdate, d.activitycount,
    coalesce(r.into, lower(d.currency)) as currency,
    coalesce(cast(d.amount * r.rate as decimal(28, 4)), d.amount) as amount,
    case d.status when 1 then 100 when 2 then 0 end as outcome,
    case when d.winProbability between 0 and 100 then d.winProbability end as predicted,
    case when d.percent between 1 and 100 then d.percent end as set_by_hand,
    w.win_rate as past_rate,
    w.source as past_source,
    cast(c.forecasted_close_date as date) as custom_date,
    cast(d.edate as date) as expected_date,
    e.closed_at,
    e.closed_source
  from deals as d
  left join deals_custom as c on c.id = d.id
  left join rates as r on r.currency = lower(d.currency)
  left join stage_win_rates as w on w.stage_id = d.stage and w.pipeline_id = d."group"
  left join deal_closings as e on e.id = d.id
  where not coalesce(d.isDisabled, false) and d._deleted_at is null
)

select
  d.id, d.title, d.pipeline_id, d.stage_id, d.owner_id, d.contact_id, d.account_id, d.status, d.cdate, d.mdate,
  d.nextdate, d.activitycount, d.currency, d.amount, d.closed_at, d.closed_source,
  coalesce(p.title, 'Pipeline ' || cast(d.pipeline_id as varchar), 'none') as pipeline,
  coalesce(t.title, 'Stage ' || cast(d.stage_id as varchar), 'none') as stage,
  t."order" as stage_order,
  coalesce(
    nullif(trim(concat_ws(' ', u.firstName, u.lastName)), ''),
    u.username, 'User ' || cast(d.owner_id as varchar), 'none'
  ) as owner,
  cast(coalesce(d.outcome, d.predicted, d.set_by_hand, 100 * d.past_rate) / 100.0 as decimal(9, 6)) as probability,
  case
    when d.outcome is not null then 'closed'
    when d.predicted is not null then 'predicted'
    when d.set_by_hand is not null then 'percent'
    else coalesce(d.past_source, 'none')
  end as probability_source,
  coalesce(d.custom_date, d.expected_date) as forecast_date,
  case
    when d.custom_date is not null then 'custom field'
    when d.expected_date is not null then 'edate'
    else 'none'
  end as forecast_source
from seen_deals as d
left join dealGroups as p on p.id = d.pipeline_id
left join dealStages as t on t.id = d.stage_id
left join users as u on u.id = d.owner_id
