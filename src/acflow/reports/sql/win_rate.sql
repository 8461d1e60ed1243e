-- How many of the decided deals were won?
select
  cut, name, currency, won, lost, decided, win_rate, decided < 10 as thin,
  won_amount, lost_amount, win_rate_by_amount, dated_by_edit
from sales_rates
where decided > 0
order by cut, name, currency
