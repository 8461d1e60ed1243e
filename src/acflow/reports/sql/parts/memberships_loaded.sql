-- Whether memberships were read at all: without them, nobody knows who joined and left.
select count(*) > 0 as yes
from contactLists
