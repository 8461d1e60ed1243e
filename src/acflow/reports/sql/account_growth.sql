-- How many contacts came into the account, month by month?
with contact_months as (
  select cast(date_trunc('month', cdate at time zone $zone) as date) as month, count(*) as new_contacts
  from contacts
  where _deleted_at is null and not coalesce(deleted, false) and cdate <= $as_of
  group by cast(date_trunc('month', cdate at time zone $zone) as date)
)

select month, month = $this_month as partial, new_contacts, sum(new_contacts) over (order by month) as contacts
from contact_months
order by month
