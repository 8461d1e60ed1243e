"""A believable company: Larkspur Tea sells to people by newsletter, and to shops, hotels and cafés by deals.

What happens, happens to somebody: each mailing reaches those who are on its lists that day, and who opens it, leaves or
bounces is the same person in every table. So counters, memberships, dates and logs agree. What does not agree is meant:
three of the oldest deals belong to a seller who is no user any more, three to a contact that was deleted, and two
campaigns went to a segment that is gone.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache

from activecampaign_sandbox import endpoints
from activecampaign_sandbox.table import MemoryTable, Table
from activecampaign_sandbox.worlds.small import (
    accounts,
    automationrows,
    contacts,
    dealrows,
    desk,
    fields,
    house,
    messages,
    sales,
    setup,
    shop,
    steps,
    tags,
)
from activecampaign_sandbox.worlds.small.late import LateTable
from activecampaign_sandbox.worlds.small.story import Story, tell


def small(seed: int, now: datetime, people: int = 3000, deals: int = 400) -> Iterator[Table]:
    """Make every table of the company."""
    story = tell(seed, now, people, deals)
    tagged = tags.by_person(story.tagged)
    contact_items = contacts.contact_items(story.dice("contacts"), story.crowd, tagged, now)
    yield MemoryTable(endpoints.CONTACTS, contact_items)
    yield from _six(story)
    yield from _marketing(story)
    yield from _sales(story)
    yield from _shop(story, {key: str(item.row["email"]) for key, item in contact_items.items()})
    yield from _others(story)


def _six(story: Story) -> Iterator[Table]:
    now = story.now
    yield MemoryTable(endpoints.LISTS, house.lists(now, story.crowd))
    yield MemoryTable(endpoints.SEGMENTS, house.segments(story.seed, now))
    yield MemoryTable(endpoints.FORMS, house.forms(now, story.crowd, [one.form for one in story.deals]))
    yield MemoryTable(endpoints.USERS, house.users())
    yield MemoryTable(endpoints.DEALS, dealrows.deal_items(story.dice("deal rows"), story.deals, story.desks, now))
    yield MemoryTable(endpoints.DEAL_GROUPS, sales.pipelines(now))
    yield MemoryTable(endpoints.DEAL_STAGES, sales.stages())
    traces = {key: {"trace": campaign.trace} for key, campaign in story.campaigns.items() if campaign.trace}
    yield LateTable(endpoints.CAMPAIGNS, lambda: messages.campaign_rows(story.campaigns), traces)


def _marketing(story: Story) -> Iterator[Table]:
    crowd, now, dice = story.crowd, story.now, story.dice
    yield LateTable(endpoints.MESSAGES, lambda: messages.message_rows(story.campaigns))
    yield LateTable(endpoints.CAMPAIGN_MESSAGES, lambda: messages.campaign_message_rows(story.campaigns))
    yield LateTable(endpoints.CAMPAIGN_LISTS, lambda: messages.campaign_list_rows(story.campaigns))
    yield LateTable(endpoints.CONTACT_LISTS, lambda: contacts.membership_rows(dice("lists"), crowd, story.mailed))
    yield LateTable(endpoints.TAGS, lambda: tags.tag_rows(story.tagged, now))
    yield LateTable(endpoints.CONTACT_TAGS, lambda: tags.contact_tag_rows(story.tagged))
    yield LateTable(endpoints.AUTOMATIONS, lambda: automationrows.automation_rows(story.entries, now))
    yield LateTable(endpoints.CONTACT_AUTOMATIONS, lambda: automationrows.entry_rows(story.entries, now))
    yield LateTable(endpoints.SCORES, lambda: automationrows.score_rows(now))
    yield LateTable(endpoints.FIELDS, lambda: fields.field_rows(now))
    yield LateTable(endpoints.FIELD_OPTIONS, lambda: fields.option_rows(now))
    yield LateTable(endpoints.FIELD_RELS, fields.relation_rows)
    yield LateTable(endpoints.FIELD_VALUES, lambda: fields.value_rows(dice("values"), crowd, now))


def _sales(story: Story) -> Iterator[Table]:
    crowd, found, desks, dice = story.crowd, story.deals, story.desks, story.dice
    yield LateTable(endpoints.ACCOUNTS, lambda: accounts.account_rows(crowd))
    yield LateTable(endpoints.ACCOUNT_CONTACTS, lambda: accounts.account_contact_rows(dice("jobs"), crowd))
    yield LateTable(endpoints.DEAL_CUSTOM_FIELD_META, lambda: dealrows.meta_rows(story.now))
    yield LateTable(endpoints.DEAL_CUSTOM_FIELD_DATA, lambda: dealrows.data_rows(dice("data"), found))
    yield LateTable(endpoints.DEAL_ACTIVITIES, lambda: desk.activity_rows(found, desks))
    yield LateTable(endpoints.DEAL_TASKS, lambda: desk.task_rows(dice("tasks"), found, desks))
    yield LateTable(endpoints.NOTES, lambda: desk.note_rows(dice("notes"), found, desks, crowd))


def _shop(story: Story, emails: Mapping[int, str]) -> Iterator[Table]:
    now = story.now

    @cache
    def opened() -> shop.Shop:
        return shop.opened(story.dice("shop"), story.crowd, emails, now)

    yield LateTable(endpoints.BY_PATH["connections"], lambda: shop.connection_rows(now))
    yield LateTable(endpoints.BY_PATH["ecomCustomers"], lambda: shop.customer_rows(opened()))
    yield LateTable(endpoints.BY_PATH["ecomOrders"], lambda: shop.order_rows(opened(), now))
    yield LateTable(endpoints.BY_PATH["ecomOrderProducts"], lambda: shop.product_rows(opened()))
    yield LateTable(endpoints.BY_PATH["ecomOrderDiscounts"], lambda: shop.discount_rows(opened()))
    yield LateTable(endpoints.BY_PATH["ecomOrderActivities"], lambda: shop.activity_rows(opened()))


def _others(story: Story) -> Iterator[Table]:
    crowd, now, dice = story.crowd, story.now, story.dice
    made = {
        **setup.static_rows(now),
        "automationBlocks": lambda: steps.block_rows(story.campaigns, now),
        "goals": lambda: steps.goal_rows(now),
        "contactGoals": lambda: steps.reached_rows(story.entries),
        "accountCustomFieldData": lambda: setup.firm_field_rows(dice("firms"), crowd),
        "contactDeals": lambda: setup.contact_deal_rows(dice("colleagues"), story.deals, crowd),
        "contactData": lambda: setup.contact_data_rows(dice("sources"), crowd),
        "contactConversions": lambda: setup.conversion_rows(crowd, now),
        "customObjects/records": lambda: setup.record_rows(crowd, now),
        "sms/broadcasts": lambda: setup.broadcast_rows(crowd, now)[0],
        "sms/recipients": lambda: setup.broadcast_rows(crowd, now)[1],
    }
    for path, rows in made.items():
        yield LateTable(endpoints.BY_PATH[path], rows)
