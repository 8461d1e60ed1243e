"""What binds contacts, deals, forms and campaigns once more, in plain Python over rows."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from tests.reports.oracle_audience import by_mail, members_of, tier_of
from tests.reports.oracle_mail import measured
from tests.reports.oracle_sales import amount_of, visible
from tests.reports.plain import Result, alive, grouped, ratio
from tests.reports.random_world import World
from tests.reports.report_harness import Row


def unified(world: World) -> Result:
    """Return each contact with its lists, forms and deals; amounts only where all deals are of one currency."""
    members = grouped(by_mail(world), lambda row: (row["contact"],))
    deals = grouped(visible(world), lambda row: (row["contact"],))
    found: Result = {}
    for contact in alive(world, "contacts"):
        mine, dealt = members.get((contact["id"],), []), deals.get((contact["id"],), [])
        currencies = {row["currency"].lower() for row in dealt}
        of_status = [[row for row in dealt if row["status"] == status] for status in (0, 1, 2)]
        alone = len(currencies) == 1
        found[contact["id"],] = {
            "tier": tier_of(contact, mine),
            "lists": len(mine) or None,
            "active_lists": sum(row["status"] == 1 for row in mine) if mine else None,
            "forms": len({row["form"] for row in mine if row["form"]}) if mine else None,
            "open_deals": len(of_status[0]),
            "won_deals": len(of_status[1]),
            "lost_deals": len(of_status[2]),
            "currencies": len(currencies),
            "open_amount": amount_of(of_status[0]) if alone else None,
            "won_amount": amount_of(of_status[1]) if alone else None,
        }
    return found


def form_funnel(world: World) -> Result:
    """Return whom each form brought, and what became of their deals."""
    asked = {(row["form"], row["contact"]) for row in world.get("formContacts", ())}
    people = asked or {(row["form"], row["contact"]) for row in alive(world, "contactLists") if row["form"]}
    found: Result = {}
    for form in alive(world, "forms"):
        mine = {contact for of, contact in people if of == form["id"]}
        deals = [row for row in visible(world) if row["contact"] in mine]
        won = [row for row in deals if row["status"] == 1]
        currencies = sorted({row["currency"].lower() for row in deals})
        buyers = {row["contact"] for row in won}
        sensible = form["contacts"] <= form["entries"]
        found[form["id"], currencies[0] if len(currencies) == 1 else None] = {
            "contacts_per_entry": ratio(form["contacts"], form["entries"]) if sensible else None,
            "contacts_source": "formContacts" if asked else "contactLists",
            "matched_contacts": len(mine) if asked or mine else None,
            "contact_deals": len(deals) if asked or mine else None,
            "won_deals": len(won) if asked or mine else None,
            "won_contact_share": ratio(len(buyers), len(mine)),
            "won_amount": amount_of(won) if len(currencies) == 1 else None,
        }
        for currency in currencies if len(currencies) > 1 else ():
            dealt = [row for row in deals if row["currency"].lower() == currency]
            sold = [row for row in dealt if row["status"] == 1]
            found[form["id"], currency] = {
                "entries": None,
                "contact_deals": len(dealt),
                "won_deals": len(sold),
                "won_contacts": len({row["contact"] for row in sold}),
                "won_amount": amount_of(sold),
            }
    return found


def data_health(world: World) -> Result:
    """Return what is wrong with the rows, of how many."""
    deals, contacts = visible(world), [row for row in alive(world, "contacts") if not row["deleted"]]
    members, campaigns = alive(world, "contactLists"), alive(world, "campaigns")
    rates = [measured(row) for row in campaigns]
    addresses = Counter(address for row in contacts if (address := (row["email"] or "").strip().lower()))
    shared = sum(count for count in addresses.values() if count > 1)
    found: Result = {}

    def tell(finding: str, entity: str, affected: int, rows: list[Row]) -> None:
        if rows:
            found[finding, entity] = {"affected": affected, "total": len(rows), "ok": affected == 0}

    def lost(finding: str, rows: list[Row], key: str, table: str, among: Iterable[Row]) -> None:
        keys = {row["id"] for row in among}
        unmatched = sum(row[key] is not None and row[key] not in keys for row in rows)
        tell(
            finding,
            finding.split(maxsplit=1)[0].replace("memberships", "contactLists"),
            unmatched,
            rows if world[table] and table not in behind else [],
        )

    newest = max((row["read_at"] for row in world["_readings"]), default=None)
    behind = {row["entity"] for row in world["_readings"] if newest - row["read_at"] > timedelta(days=1)}
    found["tables read more than a day before the newest", "all"] = {
        "affected": len(behind),
        "total": len(world["_readings"]),
        "ok": not behind,
    }

    def those(rows: list[Row], holds: Callable[[Row], object]) -> int:
        return sum(bool(holds(row)) for row in rows)

    rejected = {row["id"] for row in world["_rejects"]}
    found["values that could not be read", "deals"] = {"affected": len(rejected), "total": None, "ok": False}
    every = alive(world, "deals")
    tell("deals that the key's user may not see", "deals", those(every, lambda row: row["isDisabled"]), every)
    tell("contacts sharing an address", "contacts", shared, contacts)
    tell("contacts without an address", "contacts", len(contacts) - addresses.total(), contacts)
    tell("deals without an owner", "deals", those(deals, lambda row: row["owner"] is None), deals)
    tell("deals without a contact", "deals", those(deals, lambda row: row["contact"] is None), deals)
    tell("deals without an amount", "deals", those(deals, lambda row: not row["amount"]), deals)
    tell("deals with a probability outside 0 to 100", "deals", those(deals, _odd), deals)
    lost("deals whose contact is not there", deals, "contact", "contacts", contacts)
    lost("deals whose owner is not there", deals, "owner", "users", world["users"])
    lost("deals whose stage is not there", deals, "stage", "dealStages", world["dealStages"])
    lost("deals whose pipeline is not there", deals, "group", "dealGroups", world["dealGroups"])
    lost(
        "campaigns whose segment is not there",
        campaigns,
        "segmentid",
        "segments",
        alive(world, "segments"),
    )
    lost("campaigns whose owner is not there", campaigns, "userid", "users", world["users"])
    lost("memberships whose contact is not there", members, "contact", "contacts", contacts)
    lost("memberships whose list is not there", members, "list", "lists", world["lists"])
    tell("campaigns whose number of sends is unknown", "campaigns", those(rates, lambda row: row["unknown"]), campaigns)
    counters = {row["id"]: row["active_subscribers"] for row in alive(world, "lists")}
    reach = {
        of: sum(
            each["status"] == 1 and not each["person"]["bounced_hard"]
            for each in members_of(world, of)
            if not each["_deleted_at"] and not each["person"]["_deleted_at"]
        )
        for of in counters
    }
    impossible = [of for of, active in counters.items() if active is not None and reach[of] > active]
    tell("lists that reach more than they have subscribers", "lists", len(impossible), alive(world, "lists"))
    tell("campaigns with a rate above 1", "campaigns", those(rates, _above_one), campaigns)
    return found


def _odd(row: Row) -> bool:
    return any(row[name] is not None and not 0 <= row[name] <= 100 for name in ("winProbability", "percent"))


def _above_one(row: Row) -> bool:
    many = row["base"] is not None and max(row["opens"] or 0, row["clickers"] or 0) > row["base"]
    return bool(many or (row["counts"] and row["bounces"] > row["sends"]))
