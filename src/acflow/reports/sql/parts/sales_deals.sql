-- Deals that count: seen in full and not deleted, with the chance, the dates and the amount that reports go by.
with seen_deals as (
  select
    d.id, d.title, d."group" as pipeline_id, d.stage as stage_id, d.owner as owner_id, d.contact as contact_id,
    d.account as account_id, d.status, d.cdate, d.mdate, d.nextdate, d.activitycount,
    coalesce(r.into, lower(d.currency)) as currency,
    coalesce(cast(d.amount * r.rate as decimal(28, 4)), d.amount) as amount,
    case when d.winProbability between 0 and 100 then d.winProbability end as predicted,
    case when d.percent between 1 and 100 then d.percent end as set_by_hand,
    w.win_rate as stage_rate,
    cast(c.forecasted_close_date as date) as custom_date,
    cast(d.edate as date) as expected_date,
    d.edate at time zone $zone as edate,
    s.changed_at as status_seen_at,
    a.changed_at as status_logged_at
  from deals as d
  left join deals_custom as c on c.id = d.id
  left join rates as r on r.currency = lower(d.currency)
  left join stage_win_rates as w on w.stage = d.stage
  left join deal_status_changes as s on s.id = d.id and s.status = d.status
  left join deal_status_activities as a on a.id = d.id and a.status = cast(d.status as varchar)
  where not coalesce(d.isDisabled, false) and d._deleted_at is null
)

select
  d.id, d.title, d.pipeline_id, d.stage_id, d.owner_id, d.contact_id, d.account_id, d.status, d.cdate, d.mdate,
  d.nextdate, d.activitycount, d.currency, d.amount,
  coalesce(p.title, 'Pipeline ' || cast(d.pipeline_id as varchar), 'none') as pipeline,
  coalesce(t.title, 'Stage ' || cast(d.stage_id as varchar), 'none') as stage,
  t."order" as stage_order,
  coalesce(
    nullif(trim(concat_ws(' ', u.firstName, u.lastName)), ''),
    u.username, 'User ' || cast(d.owner_id as varchar), 'none'
  ) as owner,
  cast(coalesce(d.predicted, d.set_by_hand, 100 * d.stage_rate) / 100.0 as decimal(9, 6)) as probability,
  case
    when d.predicted is not null then 'predicted'
    when d.set_by_hand is not null then 'percent'
    when d.stage_rate is not null then 'stage history'
    else 'none'
  end as probability_source,
  coalesce(d.custom_date, d.expected_date) as forecast_date,
  case
    when d.custom_date is not null then 'custom field'
    when d.expected_date is not null then 'edate'
    else 'none'
  end as forecast_source,
  case when d.status in (1, 2) then
    coalesce(
      d.status_seen_at, d.status_logged_at, case when d.edate <= $as_of then d.edate end, d.mdate
    )
  end as closed_at,
  case when d.status in (1, 2) then
    case
      when d.status_seen_at is not null then 'change log'
      when d.status_logged_at is not null then 'activities'
      when d.edate <= $as_of then 'edate'
      when d.mdate is not null then 'mdate'
      else 'none'
    end
  end as closed_source
from seen_deals as d
left join dealGroups as p on p.id = d.pipeline_id
left join dealStages as t on t.id = d.stage_id
left join users as u on u.id = d.owner_id
