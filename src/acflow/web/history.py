"""What the ledger knows of earlier runs of flows, by whomever they were started."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from acflow.app import FlowStatus
from acflow.settings import Settings
from acflow.web.schedule import Last

LEDGER = "ledger.sqlite"
ALL_OF_THEM = 1_000_000
CUT_OFF = "running"  # what stands of a flow whose run never came to its end
DONE = (FlowStatus.COMPUTED, FlowStatus.UNCHANGED)


class History:
    """Remembers what it read for as long as the ledger does not change."""

    def __init__(self) -> None:
        self._read: tuple[object, Mapping[str, Last]] = (None, {})

    def __call__(self, settings: Settings) -> Mapping[str, Last]:
        """Return the last run of each flow."""
        try:
            stat = (settings.state / LEDGER).stat()
        except FileNotFoundError:
            return {}
        seen = (settings.state, stat.st_mtime_ns, stat.st_size)
        if self._read[0] != seen:
            self._read = (seen, _last_runs(settings))
        return self._read[1]


def _last_runs(settings: Settings) -> dict[str, Last]:
    from acflow.app.ledger import Ledger  # what it stands on takes a second to import, and pages come first

    ledger = Ledger.at(settings.state)
    try:
        began = {row["id"]: _instant(row["started_at"]) for row in ledger.runs(ALL_OF_THEM)}
        return {name: _last(result, began.get(result["run"])) for name, result in ledger.last_flows().items()}
    finally:
        ledger.close()


def _last(result: Mapping[str, Any], began: datetime | None) -> Last:
    tried = began or _instant(result["at"])
    whole = result["status"] in DONE and not any(each["error"] for each in result.get("deliveries", ()))
    return Last(
        tried=tried,
        well=tried if whole else None,
        run=result["run"],
        status=result["status"],
        rows=result.get("rows"),
        cut_off=result["status"] == CUT_OFF,
    )


def _instant(moment: datetime) -> datetime:
    """Return an instant of the ledger, which is in UTC even where a database forgets that."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
