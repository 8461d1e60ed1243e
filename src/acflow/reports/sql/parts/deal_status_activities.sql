-- When each deal last had its status changed, as its log of activities tells.
select deal as id, max(cdate) as changed_at
from dealActivities
where dataType in ('status', 'd_status')
group by deal
