-- Contacts as they were when the recent period began, for contact_tiers.
select
  id, $recently as at, email, adate, last_click_date, last_open_date, last_mpp_open_date,
  mpp_tracking, bounced_hard, deleted
from contacts_history
where _valid_from <= $recently and (_valid_to is null or _valid_to > $recently)
