-- What the memberships of each contact say: lists, forms, and when the contact came first and left last.
select
  contact,
  count(*) as lists,
  count(*) filter (where status = 1) as active_lists,
  min(sdate) as first_joined_at,
  max(udate) filter (where status in (2, 3)) as last_left_at,
  count(distinct form) as forms,
  min(form) as first_form
from contactLists
where _deleted_at is null and coalesce(nullif(lower(channel), ''), 'email') = 'email'
group by contact
