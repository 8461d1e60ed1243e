-- When each deal last came to the status that it has, as the change log saw it.
with status_versions as (
  select
    id, status, _valid_from,
    lag(status) over (partition by id order by _valid_from) as status_before
  from deals_history
)

select id, status, max(_valid_from) as changed_at
from status_versions
where status_before is not null and status <> status_before
group by id, status
