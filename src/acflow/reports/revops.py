"""The reports of RevOps, with a sentence for each column."""

from acflow.reports import mail
from acflow.reports.model import Column, Format, Kpi, Report, Role
from acflow.reports.sales import NAMES, NO_DATES

CONTACT = (
    Column("contact_id", Format.ID, "Key of the contact."),
    Column("email", Format.TEXT, "Address of the contact."),
    Column("contact", Format.TEXT, "Name of the contact; null if unknown."),
    Column("account", Format.TEXT, "Company; null if none, or if accounts were not read."),
)
ONE_CURRENCY = Column("currency", Format.TEXT, "Currency of the amounts; null where deals have several or none.")
FUNNEL = Kpi(
    "Form funnel",
    "contacts / entries, deals / contacts by the form's own counters; contacts with a won deal / contacts who "
    "came through "
    "it",
    "forms.entries, contacts, deals; formContacts, else contactLists.form; deals.contact, status",
    "A contact counts for each form that it came through, so forms share deals. formContacts, which asks the API form "
    "by form (`contacts?formid=`), says who that is. Where it was not read or is empty, memberships of lists are used, "
    "and figures are null where none names the form, as for forms that put nobody on a list; `contacts_source` says "
    "which it was.",
    "by definition",
    "ActiveCampaign shows the counters only; it does not tie forms to deals that are won.",
)

UNIFIED = Report(
    "unified",
    Role.REVOPS,
    (
        *CONTACT,
        Column("created_at", Format.INSTANT, "When the contact was created."),
        Column("tier", Format.TEXT, "Tier of engagement; see engagement_tiers."),
        Column("lists", Format.COUNT, "Lists that the contact is or was on; null where none is known."),
        Column("active_lists", Format.COUNT, "Lists that the contact is on now."),
        Column("first_joined_at", Format.INSTANT, "Earliest sign-up that is still known."),
        Column("forms", Format.COUNT, "Forms by which the contact signed up."),
        Column("form", Format.TEXT, "Name of the oldest of these forms."),
        Column("open_deals", Format.COUNT, "Open deals of which this is the first contact."),
        Column("won_deals", Format.COUNT, "Won deals."),
        Column("lost_deals", Format.COUNT, "Lost deals."),
        Column("first_deal_at", Format.INSTANT, "When the first deal was created."),
        ONE_CURRENCY,
        Column("open_amount", Format.MONEY, "Value of the open deals; null where deals have several currencies."),
        Column("won_amount", Format.MONEY, "Value of the won deals; null where deals have several currencies."),
        Column("currencies", Format.COUNT, "How many currencies the deals have."),
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
        Column("segment_id", Format.ID, "Key of the segment."),
        Column("segment", Format.TEXT, "Name of the segment; null where it was deleted."),
        Column("hidden", Format.FLAG, "Whether the system made it, unseen in the interface."),
        Column(
            "state",
            Format.TEXT,
            "used, planned, never used, automation (made for one), or missing: named but not there.",
        ),
        Column("campaigns", Format.COUNT, "Campaigns that name it."),
        Column("sent_campaigns", Format.COUNT, "Those of them that were sent."),
        Column("first_used_at", Format.INSTANT, "When the first of them went out."),
        Column("last_used_at", Format.INSTANT, "When the last of them went out."),
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
        Column("form_id", Format.ID, "Key of the form."),
        Column("form", Format.TEXT, "Name of the form."),
        Column("entries", Format.COUNT, "Submissions, by the form's counter."),
        Column("contacts", Format.COUNT, "Contacts that came through it, by the form's counter."),
        Column("deals", Format.COUNT, "Deals that came through it, by the form's counter."),
        Column(
            "contacts_per_entry", Format.SHARE, "Contacts by submissions; null where the counters disagree.", FUNNEL
        ),
        Column("deals_per_contact", Format.NUMBER, "Deals by contacts, both by the form's counters."),
        Column(
            "contacts_source",
            Format.TEXT,
            "Table that tells who came through the form: formContacts, else contactLists.",
            formerly="told_by",
        ),
        Column(
            "matched_contacts",
            Format.COUNT,
            "Contacts who came through the form, by that table.",
            formerly="landed_contacts",
        ),
        Column("contact_deals", Format.COUNT, "Deals of these contacts."),
        Column("won_deals", Format.COUNT, "Those of them that were won."),
        Column("won_contacts", Format.COUNT, "Contacts of whom a deal was won."),
        Column(
            "won_contact_share",
            Format.SHARE,
            "Share of these contacts of whom a deal was won.",
            formerly="won_per_contact",
        ),
        Column(
            "currency",
            Format.TEXT,
            "Currency of the deals; where there are several, null in the row of the form, which rows per "
            "currency follow.",
        ),
        Column("won_amount", Format.MONEY, "Value of the won deals; null in the row over several currencies."),
        Column("reason", Format.TEXT, "Why figures are missing; null if none is."),
    ),
    NO_DATES
    | {
        "formContacts": "contacts are identified by memberships of lists, without those whom a form puts on none",
        "contactLists": "contacts and their deals cannot be identified by form",
    },
    {"contactLists": "formContacts"},
)
DATA_HEALTH = Report(
    "data_health",
    Role.REVOPS,
    (
        Column("finding", Format.TEXT, "What was looked for."),
        Column("entity", Format.TEXT, "Table that it was looked for in."),
        Column("affected", Format.COUNT, "Rows of which it is true."),
        Column("total", Format.COUNT, "Rows that were looked at; null where that is not known."),
        Column("share", Format.SHARE, "Affected by total."),
        Column("ok", Format.FLAG, "Whether no row is affected.", formerly="fine"),
    ),
    dict.fromkeys((*NAMES, "contactLists"), "what needs it was not looked for"),
)
REPORTS = (UNIFIED, SEGMENT_AUDIT, FORM_FUNNEL, DATA_HEALTH)
