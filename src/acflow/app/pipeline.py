"""The story of a run: read the account, prove it, land it, compute the flows, deliver them."""

from collections.abc import Sequence
from dataclasses import replace

from acflow.app.computing import compute_flows
from acflow.app.delivering import deliver_flows
from acflow.app.model import Listener, Report, RunOptions
from acflow.app.prepare import flow_warehouse, prepare
from acflow.app.reports import keep_wanted, wanted_reports
from acflow.app.run_context import RunContext, open_run
from acflow.entities.model import Entity
from acflow.flows.spec import FlowFile
from acflow.settings import Settings
from acflow.source.certificate import Certificate

DEFAULT_OPTIONS = RunOptions()


def run(
    settings: Settings,
    entities: Sequence[Entity],
    *,
    optional: frozenset[str] = frozenset(),
    options: RunOptions = DEFAULT_OPTIONS,
    listener: Listener | None = None,
) -> Report:
    """Read the entities, certify them, and replace the tables of those that are proved.

    An `optional` entity that the account does not let us read is no failure of the run.

    Raises:
        AcflowError: nothing could be read or written; its class says what to do.

    """
    listener, reports = listener or Listener(), wanted_reports(settings)
    with open_run(settings, listener, reading=True, renamed_from=options.renamed_from) as context:
        certificates, remarks = _read(context, entities, options, listener, optional)
        remarks += keep_wanted(settings, reports)
        remarks += _publish(context)
        return context.finish([replace(each, optional=each.entity in optional) for each in certificates], (), remarks)


def run_flows(  # noqa: PLR0913 - each is a wish of the caller
    settings: Settings,
    file: FlowFile,
    wanted: Sequence[str] | None = None,
    *,
    only_changed: bool = False,
    read: bool = True,
    options: RunOptions = DEFAULT_OPTIONS,
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
    prepared, reports = prepare(settings, file, wanted), wanted_reports(settings)
    reading = read and bool(prepared.entities)
    with open_run(settings, listener, reading=reading, renamed_from=options.renamed_from) as context:
        options = replace(options, incremental=options.incremental | prepared.merged)
        certificates, remarks = _read(context, prepared.entities, options, listener, prepared.optional)
        results = compute_flows(context, prepared, certificates, listener, only_changed=only_changed)
        delivered = deliver_flows(context, prepared, results, listener)
        remarks += keep_wanted(settings, reports)
        remarks += _publish(context)
        certificates = [replace(each, optional=each.entity in prepared.optional) for each in certificates]
        return context.finish(certificates, delivered, remarks)


def _read(
    context: RunContext,
    entities: Sequence[Entity],
    options: RunOptions,
    listener: Listener,
    optional: frozenset[str] = frozenset(),
) -> tuple[Sequence[Certificate], list[str]]:
    """Return what the account gave, and what became of its custom fields."""
    if context.account is None:
        return (), []
    from acflow.app.reading import read_and_land
    from acflow.custom.widen import widen

    if context.settings.refresh == "incremental":
        options = replace(options, incremental=frozenset({"all"}))
    certificates, changed = read_and_land(context, context.account, entities, options, listener, optional)
    widened = widen(
        flow_warehouse(context.settings),
        context.account.loader,
        context.settings.state / "spool",
        run=context.run,
        landed={certificate.entity for certificate in certificates if certificate.landed},
        now=min(context.account.client.now(), options.clock()),
        changed=changed,
    )
    return certificates, [str(each) for each in widened]


def _publish(context: RunContext) -> list[str]:
    from acflow.app.publishing import publish_run

    remark = publish_run(context.settings, flow_warehouse(context.settings), context.run)
    return [remark] if remark else []
