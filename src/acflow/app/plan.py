"""What the next run reads, why, how, and what it costs in requests and minutes; nothing is changed by asking."""

import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from acflow.app.event_cost import EventCost, event_costs
from acflow.app.reports import entities_of_reports
from acflow.entities import ALL, HELPERS, entity
from acflow.entities.choice import VALUES, by_default
from acflow.entities.model import CampaignEvents, Each, Entity, Nested
from acflow.errors import AcflowError
from acflow.source.protocol import PAGE_SIZE

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.flows.spec import FlowFile
    from acflow.settings import Settings

READ, DEFAULT, NAMED = "read: in acflow.yaml", "by default", "named"
MOST_NAMED = 3
AT_ONCE = 5  # counts that are asked for at a time
FEW_MINUTES = 1500  # requests, five minutes at five a second: as much as `init` adds to what runs read, for reports
READ_HEAD = """
# What every run reads, with the rows and the requests of each as counted when this was written; flows add what they
# need besides. Lines with # are left out: take the sign away, and more reports are answered. Five requests go out a
# second at most; the plan of the next run counts anew.
read:"""
CHANGES_COST = 2  # requests of a refresh in which nothing changed: the changes, and the account's own count


@dataclass(frozen=True, slots=True)
class PlannedEntity:
    """An entity that the next run reads.

    `why` names what asks for it, `rows` is the account's own count, `requests` None where nobody knows; `how` is full,
    changes, or along with what its rows belong to. `of` says what the figures rest on.
    """

    name: str
    why: tuple[str, ...]
    how: str
    rows: int | None
    requests: int | None
    of: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An entity that the next run does not read, and the reports that would say more with it."""

    name: str
    reports: tuple[str, ...]
    rows: int | None
    requests: int | None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The next run. `minutes` is None without a limit of requests."""

    entities: tuple[PlannedEntity, ...]
    offers: tuple[Offer, ...]
    requests: int
    unknown: int
    minutes: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as JSON values."""
        return asdict(self)


def reasons(settings: "Settings", file: "FlowFile | None", named: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return the entities that a run reads, with what asks for each; `file` is None without flows or `read:`."""
    asked: dict[str, list[str]] = {}
    for name in file.read or () if file and not named else ():
        asked.setdefault(name, []).append(READ)
    flows = _flows(file, named) if file else {}
    for name in named:
        if name not in flows:
            asked.setdefault(entity(name).name, []).append(NAMED)
    for flow, needed in flows.items():
        for name in needed:
            asked.setdefault(name, []).append(f"flow {flow}")
    if not asked:
        asked = {each.name: [DEFAULT] for each in by_default(settings.custom_fields)}
    if not named:
        for name, reports in entities_of_reports(settings).items():
            asked.setdefault(name, []).append(f"ACFLOW_REPORTS: {_some(reports)}")
    return asked


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:MOST_NAMED])}{' …' if len(names) > MOST_NAMED else ''}"


def _flows(file: "FlowFile", named: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the entities that each flow needs, of those that run, with what these need of others."""
    from acflow.flows.catalog import entity_schemas
    from acflow.flows.derived_tables import read_for
    from acflow.flows.plan import make_plan

    if not (isinstance(file.document.data, dict) and file.document.data.get("flows")):
        return {}
    plan = make_plan(file, entity_schemas())
    chosen = [name for name in file.flows if not named or name in named]
    return {
        name: tuple(dict.fromkeys(read for need in plan.entities([name]) for read in read_for(need))) for name in chosen
    }


def plan_run(
    project: "Project", named: Sequence[str] = (), *, incremental: bool = False, probe: bool = True
) -> RunPlan:
    """Return what a run of these flows or entities would read, of all if none is named.

    What an earlier run needed is the measure; of what was never read the account is asked for its count, a request
    each, if it may be by `probe`.

    Raises:
        ConfigError: there is no such flow or entity, or the flow file has mistakes.

    """
    settings = project.settings
    file = project.flow_file if project.flow_path.exists() else None
    asked, read = reasons(settings, file, named), _measured(project)
    lacking = {name: reports for name, reports in wanted_by_reports().items() if name not in asked}
    unseen = [entity(name) for name in (*asked, *lacking) if name not in read]
    totals = _totals(project, unseen) if probe else {}
    events = _events(project, [entity(name) for name in (*asked, *lacking)]) if probe else {}
    refresh = incremental or settings.refresh == "incremental"
    planned = [
        _planned_events(name, why, events[name])
        if name in events
        else _planned(name, why, asked, read, totals, refresh=refresh)
        for name, why in asked.items()
    ]
    measured = read | {name: (cost.rows, cost.requests) for name, cost in events.items()}
    offers = [Offer(name, reports, *_cost(name, measured, totals)[:2]) for name, reports in lacking.items()]
    requests = sum(each.requests or 0 for each in planned)
    return RunPlan(
        tuple(planned),
        tuple(offers),
        requests,
        sum(each.requests is None for each in planned),
        round(requests / settings.pace / 60, 1) if settings.pace else None,
    )


def wanted_by_reports() -> Mapping[str, tuple[str, ...]]:
    """Return the entities that reports read, each with the reports."""
    from acflow.flows.derived_tables import read_for
    from acflow.reports import REPORTS
    from acflow.reports.assemble import tables_of

    names = {each.name for each in ALL}
    wanted: dict[str, tuple[str, ...]] = {}
    for report in REPORTS:
        tables = dict.fromkeys(read for table in tables_of(report) for read in read_for(table))
        for name in tables:
            if name in names:
                wanted[name] = (*wanted.get(name, ()), report.name)
    return wanted


def _measured(project: "Project") -> dict[str, tuple[int, int]]:
    """Return the rows and the requests of the last full reading of each entity that has landed."""
    if not project.has_ledger:
        return {}
    with project.ledger() as ledger:
        whole = [each for each in ledger.all_certificates() if each["landed"] and each.get("since") is None]
    return {each["entity"]: (each["received"], each["requests"]) for each in whole}


def _totals(project: "Project", entities: Iterable[Entity]) -> dict[str, int]:
    """Ask the account how many rows there are; what it does not tell is left out."""
    # Others have no list of their own.
    listed = [each for each in entities if not each.owner]

    def total(asked: Entity) -> int | None:
        with suppress(AcflowError):
            return client.first_rows(asked, 1).total
        return None

    with suppress(AcflowError), project.client() as client:
        client.probe()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="acflow-count") as pool:
            counts = zip(listed, pool.map(total, listed), strict=True)
            return {each.name: count for each, count in counts if count is not None}
    return {}


def _cost(
    name: str, read: Mapping[str, tuple[int, int]], totals: Mapping[str, int]
) -> tuple[int | None, int | None, str]:
    if name in read:
        return (*read[name], "the last full reading")
    if name in totals:
        return totals[name], math.ceil(totals[name] / PAGE_SIZE) + 1, "the account's own count"
    paging = entity(name).paging
    if isinstance(paging, Each | Nested) and (parents := _cost(paging.owner.name, read, totals)[0]) is not None:
        return None, parents, f"one request for each of {paging.owner.name} at least"
    return None, None, "not known before the first reading"


def _events(project: "Project", entities: Sequence[Entity]) -> Mapping[str, EventCost]:
    """Work out what events cost; nothing is known of them where the account does not answer."""
    if not any(isinstance(each.paging, CampaignEvents) for each in entities):
        return {}
    with suppress(AcflowError), project.client() as client:
        client.probe()
        return event_costs(client, project.settings, entities)
    return {}


def _planned_events(name: str, why: Sequence[str], cost: EventCost) -> PlannedEntity:
    return PlannedEntity(name, tuple(why), cost.how, cost.rows, cost.requests, cost.of)


def _planned(  # noqa: PLR0913 - what asks, and what is known
    name: str,
    why: Sequence[str],
    asked: Mapping[str, object],
    read: Mapping[str, tuple[int, int]],
    totals: Mapping[str, int],
    *,
    refresh: bool,
) -> PlannedEntity:
    rows, requests, of = _cost(name, read, totals)
    owner = next((owner for owner, values in VALUES.items() if values == name and owner in asked), None)
    if owner:
        return PlannedEntity(name, tuple(why), f"along with {owner}", rows, 0, of)
    if refresh and entity(name).cursor and name in read:
        return PlannedEntity(name, tuple(why), "changes", rows, CHANGES_COST, "nothing changed; more as more did")
    return PlannedEntity(name, tuple(why), "full", rows, requests, of)


def read_block(project: "Project") -> str:
    """Return `read:` for a new flow file: what every run reads, with what each costs by the account's own counts.

    What reports cannot do without is read if that takes a few minutes at most, and is a comment where it takes longer
    or nobody knows. Events are comments too: their endpoints are not those of every account.
    """
    chosen = [each.name for each in by_default(project.settings_alone.custom_fields)]
    helpers = {each.name for each in HELPERS}
    wanted = {name: reports for name, reports in wanted_by_reports().items() if name in helpers and name not in chosen}
    totals = _totals(project, [entity(name) for name in (*chosen, *wanted)])
    events = {name: (cost.rows, cost.requests) for name, cost in _events(project, [entity(n) for n in wanted]).items()}
    costs = {name: _cost(name, events, totals)[:2] for name in (*chosen, *wanted)}
    costs |= {values: (costs[values][0], 0) for owner, values in VALUES.items() if {owner, values} <= costs.keys()}
    others = [name for name in wanted if not isinstance(entity(name).paging, CampaignEvents)]
    extra = affordable({name: costs[name][1] for name in others})
    lines = [f"  - {name}{_price(*costs[name])}" for name in chosen]
    lines += [
        f"  {'' if name in extra else '# '}- {name}{_price(*costs[name], _some(wanted[name]))}" for name in wanted
    ]
    return "\n".join((READ_HEAD, *lines)) + "\n"


def affordable(requests: Mapping[str, int | None]) -> set[str]:
    """Return as many entities as `init` may add to what runs read, the cheapest first; None is an unknown price."""
    chosen: set[str] = set()
    left = FEW_MINUTES
    for name, price in sorted(requests.items(), key=lambda item: item[1] or 0):
        if price is not None and price <= left:
            chosen.add(name)
            left -= price
    return chosen


def _price(rows: int | None, requests: int | None, reports: str = "") -> str:
    """Return the comment that tells what an entity costs, and what it is for."""
    known = (
        f"{rows:,} rows" if rows is not None else "",
        f"{requests:,} requests" if requests else "comes along" if requests == 0 else "",
        f"for {reports}" if reports else "",
    )
    said = ", ".join(filter(None, known))
    return f"  # {said}" if said else ""
