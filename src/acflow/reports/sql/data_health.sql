-- Can the data be trusted: what is missing, doubled, unmatched or unreadable?
with table_ages as (
  -- A row may refer to one that was not there yet when the other table was read; such pairs are not compared.
  select
    entity,
    extract(epoch from (select max(read_at) from _readings)) - extract(epoch from read_at) > 86400 as behind
  from _readings
),

alive_deals as (
  select id, owner, contact, stage, "group", amount, winProbability, percent
  from deals
  where _deleted_at is null and not coalesce(isDisabled, false)
),

alive_contacts as (
  select id, email
  from contacts
  where _deleted_at is null and not coalesce(deleted, false)
),

same_address as (
  select lower(trim(email)) as address, count(*) as contacts
  from alive_contacts
  where coalesce(trim(email), '') <> ''
  group by lower(trim(email))
  having count(*) > 1
),

reachable as (
  select list, count(*) filter (where status = 1 and not bounced) as reach
  from list_members
  where is_there
  group by list
),

findings as (
  select
    'tables read more than a day before the newest' as finding, 'all' as entity,
    count(*) filter (where behind) as affected, count(*) as total
  from table_ages
  union all
  select 'values that could not be read', entity, count(distinct id), cast(null as bigint)
  from _rejects
  group by entity
  union all
  select 'deals that the key''s user may not see', 'deals', count(*) filter (where coalesce(isDisabled, false)), count(*)
  from deals
  where _deleted_at is null
  union all
  select 'contacts sharing an address', 'contacts', cast(coalesce(sum(contacts), 0) as bigint), (
    select count(*) from alive_contacts
  )
  from same_address
  union all
  select 'contacts without an address', 'contacts', count(*) filter (where coalesce(trim(email), '') = ''), count(*)
  from alive_contacts
  union all
  select 'deals without an owner', 'deals', count(*) filter (where owner is null), count(*)
  from alive_deals
  union all
  select 'deals without a contact', 'deals', count(*) filter (where contact is null), count(*)
  from alive_deals
  union all
  select 'deals without an amount', 'deals', count(*) filter (where coalesce(amount, 0) = 0), count(*)
  from alive_deals
  union all
  select 'deals whose contact is not there', 'deals', count(*) filter (where d.contact is not null and c.id is null), count(*)
  from alive_deals as d
  left join alive_contacts as c on c.id = d.contact
  where (select count(*) from contacts) > 0
    and not exists (select 1 from table_ages where entity = 'contacts' and behind)
  union all
  select 'deals whose owner is not there', 'deals', count(*) filter (where d.owner is not null and u.id is null), count(*)
  from alive_deals as d
  left join users as u on u.id = d.owner
  where (select count(*) from users) > 0
    and not exists (select 1 from table_ages where entity = 'users' and behind)
  union all
  select 'deals whose stage is not there', 'deals', count(*) filter (where d.stage is not null and s.id is null), count(*)
  from alive_deals as d
  left join dealStages as s on s.id = d.stage
  where (select count(*) from dealStages) > 0
    and not exists (select 1 from table_ages where entity = 'dealStages' and behind)
  union all
  select
    'deals whose pipeline is not there', 'deals', count(*) filter (where d."group" is not null and g.id is null), count(*)
  from alive_deals as d
  left join dealGroups as g on g.id = d."group"
  where (select count(*) from dealGroups) > 0
    and not exists (select 1 from table_ages where entity = 'dealGroups' and behind)
  union all
  select 'deals with a probability outside 0 to 100', 'deals',
    count(*) filter (where winProbability not between 0 and 100 or percent not between 0 and 100), count(*)
  from alive_deals
  union all
  select
    'campaigns whose segment is not there', 'campaigns',
    count(*) filter (where c.segmentid is not null and s.id is null), count(*)
  from campaigns as c
  left join segments as s on s.id = c.segmentid
  where c._deleted_at is null and (select count(*) from segments) > 0
    and not exists (select 1 from table_ages where entity = 'segments' and behind)
  union all
  select
    'campaigns whose owner is not there', 'campaigns',
    count(*) filter (where c.userid is not null and u.id is null), count(*)
  from campaigns as c
  left join users as u on u.id = c.userid
  where c._deleted_at is null and (select count(*) from users) > 0
    and not exists (select 1 from table_ages where entity = 'users' and behind)
  union all
  select
    'campaigns with a rate above 1', 'campaigns',
    count(*) filter (
      where measurable and (unique_opens > base or clickers > base or more_bounces_than_sends)
    ), count(*)
  from campaign_facts
  union all
  select 'campaigns whose number of sends is unknown', 'campaigns', count(*) filter (where sends_unknown), count(*)
  from campaign_facts
  union all
  select
    'lists that reach more than they have subscribers', 'lists',
    count(*) filter (where r.reach > l.active_subscribers), count(*)
  from lists as l
  left join reachable as r on r.list = l.id
  where l._deleted_at is null
  union all
  select
    'memberships whose contact is not there', 'contactLists', count(*) filter (where c.id is null), count(*)
  from contactLists as m
  left join alive_contacts as c on c.id = m.contact
  where m._deleted_at is null and (select count(*) from contacts) > 0
    and not exists (select 1 from table_ages where entity = 'contacts' and behind)
  union all
  select 'memberships whose list is not there', 'contactLists', count(*) filter (where l.id is null), count(*)
  from contactLists as m
  left join lists as l on l.id = m.list
  where m._deleted_at is null and (select count(*) from lists) > 0
    and not exists (select 1 from table_ages where entity = 'lists' and behind)
)

select
  finding,
  entity,
  affected,
  total,
  affected / nullif(cast(total as double), 0) as share,
  affected = 0 as ok
from findings
where total > 0 or affected > 0
order by ok, entity, finding
