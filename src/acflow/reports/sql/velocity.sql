-- How much money do deals bring per day?
select
  dimension,
  name,
  currency,
  open_deals,
  average_deal,
  win_rate,
  cycle_days,
  open_deals * win_rate / nullif(cycle_days, 0) as won_deals_per_day,
  open_deals * average_deal * win_rate / nullif(cycle_days, 0) as velocity,
  closed < 10 as low_sample,
  case
    when closed = 0 then 'no deal was closed in the period'
    when won = 0 then 'no deal was won in the period'
    when cycle_days is null or cycle_days = 0 then 'no time from start to end is known'
    when all_currencies then 'amounts of several currencies are not added'
  end as reason
from sales_rates
where open_deals > 0 or closed > 0
order by dimension, name, currency nulls first
