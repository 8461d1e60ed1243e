"""The story of a run: read the account, prove it, land it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from filelock import FileLock, Timeout

from acflow.api.client import Client
from acflow.api.reader import Reader, Walk
from acflow.certificate import Certificate, Reading, certify, guard, may_land
from acflow.entities.model import Entity
from acflow.errors import OK, PARTIAL, ApiError, ConfigError, RefusedReplaceError
from acflow.ledger import Ledger
from acflow.load.landing import Lander, landing_of, rejects_of
from acflow.load.spool import EntitySpool, Spool, carry_over, give_back_memory
from acflow.settings import Settings
from acflow.warehouse import Warehouse, count_rows, explain, open_warehouse, rows_by_id


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: a certificate per entity, and what else the reader should know."""

    run: str
    certificates: tuple[Certificate, ...]
    remarks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if all landed, 5 if some did, else by the kind of what stopped them."""
        landed = sum(certificate.landed for certificate in self.certificates)
        if landed == len(self.certificates):
            return OK
        if landed:
            return PARTIAL
        unread = all(c.verdict.value in {"partial", "forbidden"} for c in self.certificates)
        return ApiError.exit_code if unread else RefusedReplaceError.exit_code

    @property
    def status(self) -> str:
        """Return the word for the ledger."""
        return {OK: "ok", PARTIAL: "partial"}.get(self.exit_code, "failed")


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told how a run goes: `walked` after each page, `said` in words."""

    walked: Callable[[Walk], None] = lambda _: None
    said: Callable[[str], None] = lambda _: None


def run(
    settings: Settings,
    entities: Sequence[Entity],
    *,
    accept_shrink: frozenset[str] = frozenset(),
    listener: Listener | None = None,
) -> Report:
    """Read the entities, certify them, and replace the tables of those that are proved.

    Raises:
        AcflowError: nothing could be read or written; its class says what to do.

    """
    listener = listener or Listener()
    settings.require_account()
    warehouse = _warehouse(settings)
    with project_lock(settings), _ledger(settings) as ledger, _client(settings) as client:
        remarks = [f"Run {run} was killed before its end." for run in ledger.close_abandoned()]
        lander = Lander(warehouse, settings.state / "dlt")
        remarks += [settled] if (settled := lander.settle()) else []
        client.probe()
        this = ledger.start(client.url)
        try:
            with Spool(settings.state / "spool", this) as spool:
                walks = Reader(client, spool.add, listener.walked).read(entities)
                listener.said("Landing")
                certificates = _judge(walks, spool, ledger, warehouse, settings, accept_shrink)
                give_back_memory()
                report = Report(this, _land(certificates, spool, lander), tuple(remarks))
        except BaseException as error:
            with suppress(Exception):  # on a full disk the ledger cannot be written either
                ledger.end(this, "interrupted" if isinstance(error, KeyboardInterrupt) else "failed", str(error))
            if isinstance(error, OSError):
                raise explain(error, settings.state) from None
            raise
        ledger.keep(this, report.certificates)
        ledger.end(this, report.status)
        return report


def _judge(  # noqa: PLR0913, PLR0917 - it is the meeting point of the run
    walks: Sequence[Walk],
    spool: Spool,
    ledger: Ledger,
    warehouse: Warehouse,
    settings: Settings,
    accept_shrink: frozenset[str],
) -> list[Certificate]:
    """Close the spools and return a certificate for each walk, guarded against replacing good data by less."""
    certificates = []
    for walk in walks:
        kept = spool.of(walk.entity)
        if walk.error is None:
            limited = kept.close_full()
            carry_over(kept, rows_by_id(warehouse, walk.entity.name, limited))
        kept.close()
        certificate = certify(walk.entity, _reading(walk, kept, settings.pace), ledger.seen_fields(walk.entity.name))
        certificates.append(
            guard(
                certificate,
                count_rows(warehouse, walk.entity.name),
                max_shrink=settings.max_shrink,
                accept_shrink=walk.entity.name in accept_shrink or "all" in accept_shrink,
            ),
        )
    return certificates


def _reading(walk: Walk, spool: EntitySpool, pace: float) -> Reading:
    tally = walk.plan.tally
    return Reading(
        promised_first=tally.first_total,
        promised_last=tally.last_total,
        received=tally.received,
        duplicates=tally.duplicates,
        moved=tally.moved,
        unproved=tuple(tally.unproved),
        pages=walk.pages,
        requests=walk.requests,
        retries=walk.retries,
        seconds=(walk.ended or walk.started) - walk.started,
        budget_share=walk.budget_share(pace),
        limited=spool.limited_rows,
        rejects=spool.rejects.rows,
        keys=spool.keys,
        forbidden=walk.forbidden,
        error=str(walk.error) if walk.error else None,
    )


def _land(certificates: Sequence[Certificate], spool: Spool, lander: Lander) -> tuple[Certificate, ...]:
    """Load what may land; return the certificates with what became of each."""
    proved = [spool.entities[c.entity] for c in certificates if may_land(c)]
    if proved:
        landings = [landing_of(kept) for kept in proved]
        rejects = rejects_of(proved)
        lander.land([*landings, rejects] if rejects else landings)
        lander.prune_rejects([kept.entity for kept in proved], spool.run)
    return tuple(replace(certificate, landed=may_land(certificate)) for certificate in certificates)


def _warehouse(settings: Settings) -> Warehouse:
    return open_warehouse(
        settings.warehouse,
        settings.dataset,
        patience=settings.warehouse_patience,
        memory=settings.memory,
    )


def _client(settings: Settings) -> Client:
    return Client(
        settings.url,
        settings.key.get_secret_value(),
        pace=settings.pace,
        timeout=settings.timeout,
        retry_patience=settings.retry_patience,
    )


@contextmanager
def _ledger(settings: Settings) -> Iterator[Ledger]:
    ledger = Ledger.at(settings.state)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def project_lock(settings: Settings) -> Iterator[None]:
    """Keep other runs of this project out; the operating system lifts the lock if this process dies."""
    settings.state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.state / "lock", timeout=settings.warehouse_patience):
            yield
    except Timeout:
        raise ConfigError(
            f"Another acflow run is at work in {settings.state}. Wait until it ends, then run again.",
        ) from None
