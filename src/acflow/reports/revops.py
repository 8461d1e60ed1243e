"""The reports of RevOps, with a sentence for each column."""

from acflow.reports import mail
from acflow.reports.model import Column, Kind, Kpi, Report, Role
from acflow.reports.sales import NAMES, NO_DATES

CONTACT = (
    Column("contact_id", Kind.ID, "Key of the contact."),
    Column("email", Kind.TEXT, "Address of the contact."),
    Column("contact", Kind.TEXT, "Name of the contact; null if unknown."),
    Column("account", Kind.TEXT, "Company; null if none, or if accounts were not read."),
)
ONE_CURRENCY = Column("currency", Kind.TEXT, "Currency of the amounts; null where deals have several or none.")
FUNNEL = Kpi(
    "Form funnel",
    "contacts / entries, deals / contacts by the form's own counters; won deals / contacts who came through it",
    "forms.entries, contacts, deals; formContacts, else contactLists.form; deals.contact, status",
    "A contact counts for each form that it came through, so forms share deals. Who that is tells formContacts, which "
    "asks the API form by form (`contacts?formid=`). Where it was not read or holds nobody, memberships of lists tell, "
    "and figures are null where none names the form, as of forms that put nobody on a list; told_by says which it was.",
    "by definition",
    "ActiveCampaign shows the counters only; it does not tie forms to deals that are won.",
)

UNIFIED = Report(
    "unified",
    Role.REVOPS,
    (
        *CONTACT,
        Column("created_at", Kind.MOMENT, "When the contact was created."),
        Column("tier", Kind.TEXT, "Tier of engagement; see engagement_tiers."),
        Column("lists", Kind.COUNT, "Lists that the contact is or was on; null where none is known."),
        Column("active_lists", Kind.COUNT, "Lists that the contact is on now."),
        Column("first_joined_at", Kind.MOMENT, "Earliest sign-up that is still known."),
        Column("forms", Kind.COUNT, "Forms by which the contact signed up."),
        Column("form", Kind.TEXT, "Name of the oldest of these forms."),
        Column("open_deals", Kind.COUNT, "Open deals of which this is the first contact."),
        Column("won_deals", Kind.COUNT, "Won deals."),
        Column("lost_deals", Kind.COUNT, "Lost deals."),
        Column("first_deal_at", Kind.MOMENT, "When the first deal was created."),
        ONE_CURRENCY,
        Column("open_amount", Kind.MONEY, "Worth of the open deals; null where deals have several currencies."),
        Column("won_amount", Kind.MONEY, "Worth of the won deals; null where deals have several currencies."),
        Column("currencies", Kind.COUNT, "How many currencies the deals have."),
    ),
    NO_DATES
    | {
        "contactLists": "lists and forms are null",
        "accounts": "companies are null",
        "forms": "names of forms are null",
    },
)
SEGMENT_AUDIT = Report(
    "segment_audit",
    Role.REVOPS,
    (
        Column("segment_id", Kind.ID, "Key of the segment."),
        Column("segment", Kind.TEXT, "Name of the segment; null where it is gone."),
        Column("hidden", Kind.FLAG, "Whether the system made it, unseen in the interface."),
        Column(
            "state", Kind.TEXT, "used, planned, never used, automation (made for one), or missing: named but not there."
        ),
        Column("campaigns", Kind.COUNT, "Campaigns that name it."),
        Column("sent_campaigns", Kind.COUNT, "Those of them that were sent."),
        Column("first_used_at", Kind.MOMENT, "When the first of them went out."),
        Column("last_used_at", Kind.MOMENT, "When the last of them went out."),
        mail.SENDS,
        mail.DELIVERED,
        mail.OPEN_RATE,
        mail.VERIFIED_OPEN_RATE,
        mail.CLICK_RATE,
        mail.UNSUBSCRIBE_RATE,
    ),
)
FORM_FUNNEL = Report(
    "form_funnel",
    Role.REVOPS,
    (
        Column("form_id", Kind.ID, "Key of the form."),
        Column("form", Kind.TEXT, "Name of the form."),
        Column("entries", Kind.COUNT, "Submissions, by the form's counter."),
        Column("contacts", Kind.COUNT, "Contacts that came through it, by the form's counter."),
        Column("deals", Kind.COUNT, "Deals that came through it, by the form's counter."),
        Column("contacts_per_entry", Kind.SHARE, "Contacts by submissions.", FUNNEL),
        Column("deals_per_contact", Kind.SHARE, "Deals by contacts, both by the form's counters."),
        Column("told_by", Kind.TEXT, "Table that tells who came through the form: formContacts, else contactLists."),
        Column("landed_contacts", Kind.COUNT, "Contacts who came through the form, by that table."),
        Column("contact_deals", Kind.COUNT, "Deals of these contacts."),
        Column("won_deals", Kind.COUNT, "Those of them that were won."),
        Column("won_per_contact", Kind.SHARE, "Won deals by these contacts."),
        ONE_CURRENCY,
        Column("won_amount", Kind.MONEY, "Worth of the won deals; null where deals have several currencies."),
        Column("reason", Kind.TEXT, "Why figures are missing; null if none is."),
    ),
    NO_DATES
    | {
        "formContacts": "contacts are told by memberships of lists, without those whom a form puts on none",
        "contactLists": "contacts and their deals cannot be told by form",
    },
    {"contactLists": "formContacts"},
)
DATA_HEALTH = Report(
    "data_health",
    Role.REVOPS,
    (
        Column("finding", Kind.TEXT, "What was looked for."),
        Column("entity", Kind.TEXT, "Table that it was looked for in."),
        Column("affected", Kind.COUNT, "Rows of which it is true."),
        Column("total", Kind.COUNT, "Rows that were looked at; null where that is not known."),
        Column("share", Kind.SHARE, "Affected by total."),
        Column("fine", Kind.FLAG, "Whether no row is affected."),
    ),
    dict.fromkeys((*NAMES, "contactLists"), "what needs it was not looked for"),
)
REPORTS = (UNIFIED, SEGMENT_AUDIT, FORM_FUNNEL, DATA_HEALTH)
