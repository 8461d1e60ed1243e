-- How large is a deal that is won?
select cut, name, currency, won, won_amount, average_deal, median_deal
from sales_rates
where won > 0
order by cut, name, currency
