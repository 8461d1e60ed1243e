"""How sound the account is: segments, forms, and the data itself."""

from collections import Counter
from collections.abc import Sequence

from acflow.reports.figures import charts, theme
from acflow.reports.figures.model import Chart, Figure, Headline, ReportContext, Row
from acflow.reports.figures.numbers import count, number, of_all, percent, quoted

MOST_FORMS = 8
MOST_FAULTS = 10
NEVER, MISSING = "never used", "missing"
STATES = {
    "used": "used by campaigns sent",
    "planned": "used by campaigns not sent yet",
    "automation": "used by automations only",
    MISSING: "gone, but named by a campaign",
}
ENTRIES, CONTACTS, DEALS = "entries", "contacts", "deals"


def segments(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show how many segments are of any use."""
    states = Counter(row["state"] for row in rows)
    there = states.total() - states[MISSING]
    if not there:
        return ()
    return [
        Chart(
            "segments",
            f"{number(states[NEVER])} of {count(there, 'segment')} {'was' if states[NEVER] == 1 else 'were'} never "
            "used by a campaign",
            "Segments by what campaigns make of them",
            charts.bars(
                [
                    {"label": STATES.get(state, state), "value": many, "says": number(many), "lit": state == NEVER}
                    for state, many in states.most_common()
                ]
            ),
        )
    ]


def forms(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show what becomes of what people fill in."""
    filled = sorted((row for row in rows if row["entries"]), key=lambda row: -int(row["entries"]))
    told = filled[:MOST_FORMS]
    if not told:
        return ()
    names = charts.apart([row["form"] for row in told])
    best = max(told, key=lambda row: int(row["deals"] or 0))
    title = (
        f"{quoted(best['form'])} brings the most deals: {number(best['deals'])} from "
        f"{count(best['entries'], 'entry', 'entries')}"
        if best["deals"]
        else f"No form has brought a deal; {quoted(told[0]['form'])} has the most entries, {number(told[0]['entries'])}"
    )
    return [
        Chart(
            "forms",
            title,
            f"Entries, contacts and deals by the counters of the forms; {of_all(len(told), len(filled), 'forms')} "
            "that were filled in",
            charts.grouped_bars(
                [
                    {"label": name, "part": part, "value": row[part], "says": number(row[part])}
                    for name, row in zip(names, told, strict=True)
                    for part in (ENTRIES, CONTACTS, DEALS)
                    if row[part] is not None
                ],
                (ENTRIES, CONTACTS, DEALS),
            ),
        )
    ]


def health(rows: Sequence[Row], _: ReportContext) -> Sequence[Chart]:
    """Show which checks of the data found something."""
    found = sorted((row for row in rows if row["affected"]), key=lambda row: -float(row["share"] or 0))
    if not rows:
        return ()
    fine = len(rows) - len(found)
    key = Headline(
        "Checks of the data", f"{number(fine)} of {number(len(rows))} fine", "the others are listed under RevOps"
    )
    if not found:
        return ()
    worst = found[0]
    return [
        Chart(
            "data-health",
            f"{number(len(found))} of {number(len(rows))} checks of the data found something, most of all "
            f"{worst['finding']} ({number(worst['affected'])})",
            "Rows of which a fault is true, as a share of those looked at",
            charts.bars(
                [
                    {
                        "label": row["finding"],
                        "value": row["share"] or 0.0,
                        "says": f"{number(row['affected'])}"
                        + (f" · {percent(row['share'])}" if row["share"] is not None else ""),
                    }
                    for row in found[:MOST_FAULTS]
                ],
                colour=theme.VERMILLION,
            ),
            keys=(key,),
        )
    ]


FIGURES = (
    Figure("data_health", health, ("finding", "entity", "affected", "total", "share", "ok")),
    Figure(
        "form_funnel",
        forms,
        ("form", "entries", "contacts", "deals", "contacts_per_entry", "deals_per_contact", "won_deals", "won_amount"),
        ("currency",),
    ),
    Figure(
        "segment_audit",
        segments,
        (
            "segment",
            "state",
            "hidden",
            "campaigns",
            "sent_campaigns",
            "last_used_at",
            "sends",
            "open_rate",
            "click_rate",
        ),
    ),
)
