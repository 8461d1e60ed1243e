"""Deals that the key's user may not see: what is sent of them, and what is behind."""

from activecampaign_sandbox.filters import Item
from activecampaign_sandbox.rows import deal
from activecampaign_sandbox.rows.deals import limited_deal
from activecampaign_sandbox.wire import Row


def limited(row: Row) -> bool:
    """Tell whether a row is a stub."""
    return row.get("isDisabled") in {1, "1"}


def hidden(item: Item) -> Item:
    """Return the stub of a deal, which keeps the deal for later and its value for meta.currencies."""
    row = item.row
    facts = {**item.facts, "hidden": row, "value": row.get("value"), "currency": row.get("currency")}
    return Item(limited_deal(int(row["id"]), row), facts)


def revealed(key: int, item: Item) -> Item:
    """Return the deal behind a stub; one that was never seen is made of what little is known of it."""
    facts = {name: value for name, value in item.facts.items() if name not in {"hidden", "value", "currency"}}
    if "hidden" in item.facts:
        return Item(item.facts["hidden"], facts)
    known = {name: value for name, value in item.row.items() if name != "isDisabled"}
    money = {name: str(item.facts[name]).lower() for name in ("value", "currency") if item.facts.get(name) is not None}
    return Item(deal(key, {**known, **money}), facts)
