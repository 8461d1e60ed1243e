-- Contacts as they are, for contact_tiers.
select
  id, $as_of as at, email, adate, last_click_date, last_open_date, last_mpp_open_date,
  mpp_tracking, bounced_hard, deleted
from contacts
where _deleted_at is null
