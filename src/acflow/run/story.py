"""The story of a run: read the account, prove it, land it, compute the flows, deliver them."""

from collections.abc import Sequence
from dataclasses import replace

from acflow.certificate import Certificate
from acflow.entities.model import Entity
from acflow.flows.spec import FlowFile
from acflow.run.computing import compute_flows
from acflow.run.delivering import deliver_flows
from acflow.run.desk import Desk, begun
from acflow.run.job import flow_warehouse, prepare
from acflow.run.model import Listener, Report, Wishes
from acflow.run.reporting import keep_reports, wanted_reports
from acflow.settings import Settings

AS_EVER = Wishes()


def run(
    settings: Settings,
    entities: Sequence[Entity],
    *,
    optional: frozenset[str] = frozenset(),
    wishes: Wishes = AS_EVER,
    listener: Listener | None = None,
) -> Report:
    """Read the entities, certify them, and replace the tables of those that are proved.

    An `optional` entity that the account does not let us read is no failure of the run.

    Raises:
        AcflowError: nothing could be read or written; its class says what to do.

    """
    listener, reports = listener or Listener(), wanted_reports(settings)
    with begun(settings, listener, reading=True) as desk:
        certificates, remarks = _read(desk, entities, wishes, listener, optional)
        remarks += keep_reports(settings, reports)
        return desk.finish([replace(each, optional=each.entity in optional) for each in certificates], (), remarks)


def run_flows(  # noqa: PLR0913 - each is a wish of the caller
    settings: Settings,
    file: FlowFile,
    wanted: Sequence[str] | None = None,
    *,
    only_changed: bool = False,
    read: bool = True,
    wishes: Wishes = AS_EVER,
    listener: Listener | None = None,
) -> Report:
    """Read what the wanted flows need (all flows by default), compute them in the warehouse, and deliver them.

    `wanted` may name entities too, which are read and landed alone. With `only_changed` a flow is left as it is if
    nothing that it is made of has changed; without `read` flows are computed from what has landed before.

    Raises:
        FlowFileError: the file has mistakes, all of which the message tells; nothing was read or written.
        AcflowError: nothing could be read or written; its class says what to do.

    """
    listener = listener or Listener()
    job, reports = prepare(settings, file, wanted), wanted_reports(settings)
    with begun(settings, listener, reading=read and bool(job.entities)) as desk:
        wishes = replace(wishes, incremental=wishes.incremental | job.merged)
        certificates, remarks = _read(desk, job.entities, wishes, listener)
        results = compute_flows(desk, job, certificates, listener, only_changed=only_changed)
        delivered = deliver_flows(desk, job, results, listener)
        return desk.finish(certificates, delivered, [*remarks, *keep_reports(settings, reports)])


def _read(
    desk: Desk,
    entities: Sequence[Entity],
    wishes: Wishes,
    listener: Listener,
    optional: frozenset[str] = frozenset(),
) -> tuple[Sequence[Certificate], list[str]]:
    """Return what the account gave, and what became of its custom fields."""
    if desk.account is None:
        return (), []
    from acflow.custom.widen import widen
    from acflow.run.reading import read_and_land

    if desk.settings.refresh == "incremental":
        wishes = replace(wishes, incremental=frozenset({"all"}))
    certificates, changed = read_and_land(desk, desk.account, entities, wishes, listener, optional)
    widened = widen(
        flow_warehouse(desk.settings),
        desk.account.lander,
        desk.settings.state / "spool",
        run=desk.run,
        landed={certificate.entity for certificate in certificates if certificate.landed},
        now=desk.account.client.now(),
        changed=changed,
    )
    return certificates, [str(each) for each in widened]
