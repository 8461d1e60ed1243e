-- Which kinds of campaigns do well?
with keyed as (
  select 1 as sign, type as grouping_key, case when running then 1 else 0 end as grouping_id, f.*
  from campaign_facts as f
)

select grouping_key as type, grouping_id = 1 as running, t.*
from campaign_totals as t
order by sends desc, type, running
