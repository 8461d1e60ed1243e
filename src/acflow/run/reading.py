"""Read entities to their end, certify them, and replace the tables of those that are proved."""

from collections.abc import Sequence
from dataclasses import replace

from acflow.api.reader import Reader, Walk
from acflow.certificate import Certificate, Reading, certify, guard, may_land
from acflow.entities.choice import along
from acflow.entities.model import Entity
from acflow.ledger import Ledger
from acflow.load.landing import Lander, landing_of, rejects_of
from acflow.load.spool import EntitySpool, Spool, carry_over, give_back_memory
from acflow.run.desk import Account, Desk
from acflow.run.model import Listener
from acflow.settings import Settings
from acflow.warehouse import Warehouse, count_rows, rows_by_id


def read_and_land(  # noqa: PLR0913, PLR0917 - it is the meeting point of the run
    desk: Desk,
    account: Account,
    entities: Sequence[Entity],
    accept_shrink: frozenset[str],
    listener: Listener,
    optional: frozenset[str] = frozenset(),
) -> tuple[Certificate, ...]:
    """Return a certificate for each entity, with what became of its table.

    An `optional` one that does not come along with another is not worth requests of its own.
    """
    entities = along(entities, desk.settings.custom_fields)
    with Spool(desk.settings.state / "spool", desk.run, account.warehouse.columns) as spool:
        walks = Reader(account.client, spool.add, listener.walked).read(entities, optional=optional)
        listener.said("Landing")
        certificates = _judge(walks, spool, desk.ledger, account.warehouse, desk.settings, accept_shrink)
        desk.ledger.keep(desk.run, certificates)  # should this process die, it is known what it was about to land
        give_back_memory()
        return _land(certificates, spool, account.lander)


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
