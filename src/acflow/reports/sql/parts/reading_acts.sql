-- What contacts did with campaigns of their own will: clicks, and openings that no proxy made.
-- Where the source does not tell a prefetch apart, a contact whose openings come through Apple's proxy proves no reader.
select c.contact, c.campaign, c.last_at, 1 as clicked
from campaignClicks as c
where c._deleted_at is null and c.contact is not null
union all
select o.contact, o.campaign, o.last_at, 0 as clicked
from campaignOpens as o
left join contacts as p on p.id = o.contact
where o._deleted_at is null and o.contact is not null and not coalesce(o.prefetched, p.mpp_tracking, false)
