"""What uses what: the order of flows, the entities that they need, and who suffers when one fails."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from acflow.custom.objects import PREFIX
from acflow.errors import ConfigError
from acflow.flows.problems import Path, suggest
from acflow.flows.spec import Flow, FlowFile
from acflow.reports.registry import report


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a flow uses, where it stands in the file, and whether it can only be an entity."""

    name: str
    path: Path
    entity: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """The flows and entities that one flow reads directly."""

    flows: tuple[str, ...]
    entities: tuple[str, ...]


def uses_of(name: str, flow: Flow) -> list[Use]:
    """Return every name that a flow reads from; SQL that cannot be parsed has none."""
    rates = flow.convert.rates if flow.convert else None
    by = [Use(rates, ("flows", name, "convert", "rates"))] if isinstance(rates, str) else []
    return _sources(name, flow) + by


def _sources(name: str, flow: Flow) -> list[Use]:
    base: Path = ("flows", name)
    if flow.entity is not None:
        return [Use(flow.entity, (*base, "entity"), entity=True)]
    if flow.report is not None:
        return [Use(report(flow.report).table, (*base, "report"), entity=True)]
    if flow.from_ is not None:
        return [Use(flow.from_, (*base, "from"))]
    if flow.join is not None:
        return [Use(flow.join.left, (*base, "join", "left")), Use(flow.join.right, (*base, "join", "right"))]
    if flow.append is not None:
        return [Use(used, (*base, "append", index)) for index, used in enumerate(flow.append)]
    from acflow.flows.query import table_names

    return [Use(used, (*base, "sql")) for used in table_names(flow.sql or "")]


def resolve(use: Use, flows: Iterable[str], entities: Iterable[str]) -> tuple[str, bool] | None:
    """Return the true name behind a use and whether it is a flow; flows come before entities of the same name."""
    exact = use.path[-1] != "sql"
    for names, is_flow in ((() if use.entity else flows, True), (entities, False)):
        for name in names:
            if name == use.name or (not exact and name.lower() == use.name.lower()):
                return name, is_flow
    if use.name.startswith(PREFIX):  # which kinds of custom objects there are, the account alone knows
        return use.name, False
    return None


def flows_used(name: str, flow: Flow, flows: Iterable[str], entities: Iterable[str]) -> tuple[str, ...]:
    """Return the flows that a flow reads directly."""
    found = (resolve(use, flows, entities) for use in uses_of(name, flow))
    return tuple(dict.fromkeys(target[0] for target in found if target and target[1]))


@dataclass(frozen=True)
class Plan:
    """The graph of a file: for each flow, what it needs. Made by `make_plan`."""

    needs: Mapping[str, Needs]

    def order(self, wanted: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the wanted flows (or all) and what they need, each after its needs, else as in the file."""
        chosen = self._upstream(self.needs if wanted is None else wanted)
        rank = {name: index for index, name in enumerate(self.needs)}
        sorter = TopologicalSorter({name: self.needs[name].flows for name in self.needs if name in chosen})
        sorter.prepare()
        ready: list[int] = []
        names, done = list(rank), []
        while sorter.is_active():
            for name in sorter.get_ready():
                heapq.heappush(ready, rank[name])
            first = names[heapq.heappop(ready)]
            done.append(first)
            sorter.done(first)
        return tuple(done)

    def entities(self, wanted: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the entities that must be read for the wanted flows, each once."""
        found = (entity for name in self.order(wanted) for entity in self.needs[name].entities)
        return tuple(dict.fromkeys(found))

    def dependents(self, failed: str) -> tuple[str, ...]:
        """Return every flow that cannot be computed if this one failed, in the order of the run."""
        return self._downstream({failed}, frozenset())

    def dependents_of_entity(self, entity: str) -> tuple[str, ...]:
        """Return every flow that needs this entity, directly or through others."""
        return self._downstream(set(), frozenset({entity}))

    def _downstream(self, lost: set[str], entities: frozenset[str]) -> tuple[str, ...]:
        found = []
        for name in self.order():
            if lost & set(self.needs[name].flows) or entities & set(self.needs[name].entities):
                lost.add(name)
                found.append(name)
        return tuple(found)

    def _upstream(self, wanted: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(wanted)
        while waiting:
            name = waiting.pop()
            if name not in self.needs:
                raise ConfigError(f"There is no flow `{name}`. {suggest(name, self.needs, 'flows')}".strip())
            if name not in found:
                found.add(name)
                waiting += self.needs[name].flows
        return found


def make_plan(file: FlowFile, entities: Iterable[str]) -> Plan:
    """Work out the graph of a file; names that mean nothing are left out, since loading has refused them."""
    known = tuple(entities)
    needs: dict[str, Needs] = {}
    for name, flow in file.flows.items():
        found = [target for use in uses_of(name, flow) if (target := resolve(use, file.flows, known))]
        unique = list(dict.fromkeys(found))
        needs[name] = Needs(
            tuple(used for used, is_flow in unique if is_flow), tuple(used for used, is_flow in unique if not is_flow)
        )
    return Plan(needs)


def circles(needs: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Return each circle once, as `("a", "b", "a")`: a uses b, which uses a. It begins with the first in the file."""
    graph = {name: [used for used in uses if used in needs] for name, uses in needs.items()}
    rank = {name: index for index, name in enumerate(graph)}
    found = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            ring: list[str] = error.args[1][:0:-1]  # each is used by the next, so backwards it reads as "uses"
            start = ring.index(min(ring, key=rank.__getitem__))
            found.append((*ring[start:], *ring[:start], ring[start]))
            graph[ring[start]] = []
        else:
            return sorted(found, key=lambda circle: rank[circle[0]])
