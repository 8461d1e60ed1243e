-- When each deal last came to a status, as its log of activities tells: the new status stands in dataAction.
select deal as id, dataAction as status, max(cdate) as changed_at
from dealActivities
where dataType in ('status', 'd_status') and not coalesce(deleted, false) and _deleted_at is null
group by deal, dataAction
