"""The story of a run: read the account, prove it, load it, compute the flows, deliver them, publish."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acflow.app.cancel import CancelToken
from acflow.app.computing import compute_flows
from acflow.app.delivering import deliver_flows, try_destinations
from acflow.app.events import EntityCertified, OnEvent, RunFinished, Step, ignore
from acflow.app.model import FlowResult, RunOptions, RunRequest, RunResult
from acflow.app.prepare import PreparedRun, flow_warehouse, prepare
from acflow.app.publishing import publish_run
from acflow.app.reports import entities_of_reports, keep_wanted, wanted_reports
from acflow.app.run_context import RunContext, open_run
from acflow.entities import HELPERS, declared, entity
from acflow.entities.choice import by_default
from acflow.entities.model import Entity
from acflow.errors import ConfigError
from acflow.flows.spec import FlowFile
from acflow.settings import Settings
from acflow.source.certificate import Certificate

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.lake.result import LakeResult

DEFAULT_OPTIONS = RunOptions()
ALL = frozenset({"all"})


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run is to do: entities to read, of which it is no failure to lack the `optional`, and flows to compute.

    `flows` is None where entities are read and nothing else is done.
    """

    entities: tuple[Entity, ...]
    flows: PreparedRun | None = None
    optional: frozenset[str] = frozenset()
    only_changed: bool = False
    keep_going: bool = False
    options: RunOptions = DEFAULT_OPTIONS


def run(
    project: "Project", request: RunRequest | None = None, on_event: OnEvent = ignore, cancel: CancelToken | None = None
) -> RunResult:
    """Read, prove, load, compute, deliver and publish what is asked for, by default everything.

    `on_event` is called in this thread, from the beginning to `RunFinished`. `cancel` ends the run early.

    Raises:
        FlowFileError: the flow file has mistakes, all of which the message tells; nothing was read or written.
        DeliveryError: a destination cannot be written; nothing was read.
        RunCancelledError: it was cancelled; every table is as it was before, or entirely new.
        AcflowError: nothing could be read or written; its class says what to do.

    """
    return carry_out(project.settings, plan_run(project, request or RunRequest()), on_event, cancel)


def plan_run(project: "Project", request: RunRequest) -> RunPlan:
    """Work out what is to be done; the whole flow file is checked before anything is read.

    Raises:
        FlowFileError: the flow file has mistakes.
        ConfigError: something is asked for that there is not.

    """
    settings, file = project.settings, project.own_flows
    if project.is_over_accounts:
        names = request.names or None
        return plan_flows(settings, project.file, names, only_changed=request.only_changed, options=request.options)
    if file is not None and not request.entities_alone:
        plan = plan_flows(
            settings,
            file,
            request.names or None,
            only_changed=request.only_changed,
            read=request.read,
            options=request.options,
        )
        plan = replace(plan, keep_going=request.keep_going)
        return _with_reports(settings, plan) if request.read and not request.names else plan
    if request.only_changed or not request.read:
        raise ConfigError("There are no flows here to compute. Write some into acflow.yaml: see docs/flows.md.")
    if request.names:
        chosen = tuple(entity(name) for name in dict.fromkeys(request.names))
        return RunPlan(chosen, optional=request.optional, options=request.options)
    read = project.flow_file.read if project.flow_path.exists() else None
    plan = RunPlan(
        tuple(by_default(settings.custom_fields)) if read is None else tuple(map(entity, read)),
        optional=frozenset(helper.name for helper in (*HELPERS, *declared())),
        options=request.options,
    )
    return plan if request.entities_alone else _with_reports(settings, plan)


def _with_reports(settings: Settings, plan: RunPlan) -> RunPlan:
    """Add what the reports are made of that the settings have each run keep; helpers among it may be lacking."""
    read = {chosen.name for chosen in plan.entities}
    added = [entity(name) for name in entities_of_reports(settings) if name not in read]
    optional = frozenset(helper.name for helper in HELPERS if helper in added)
    return replace(plan, entities=(*plan.entities, *added), optional=plan.optional | optional)


def plan_flows(  # noqa: PLR0913 - each is a wish of the caller
    settings: Settings,
    file: FlowFile,
    names: Sequence[str] | None = None,
    *,
    only_changed: bool = False,
    read: bool = True,
    options: RunOptions = DEFAULT_OPTIONS,
) -> RunPlan:
    """Plan flows, by default all, with all that they need; `names` may be of entities too, which are read alone.

    With `only_changed` a flow is left as it is if nothing that it is made of has changed; without `read` flows are
    computed from what has been loaded before.
    """
    prepared = prepare(settings, file, names)
    options = replace(options, incremental=options.incremental | prepared.merged)
    entities = prepared.entities if read else ()
    return RunPlan(entities, prepared, prepared.optional, only_changed=only_changed, options=options)


def carry_out(
    settings: Settings, plan: RunPlan, on_event: OnEvent = ignore, cancel: CancelToken | None = None
) -> RunResult:
    """Do what is planned; see `run`."""
    reports = wanted_reports(settings) if not (plan.flows and plan.flows.tables) else ()  # a report is of one account
    cancel, renamed_from = cancel or CancelToken(), plan.options.renamed_from
    with open_run(settings, on_event, cancel, reading=bool(plan.entities), renamed_from=renamed_from) as context:
        if plan.flows:
            try_destinations(context, plan.flows, keep_going=plan.keep_going)
        certificates, remarks = _read(context, plan)
        _gather(context, plan)
        flows = _compute(context, plan, certificates)
        remarks += keep_wanted(settings, reports)
        remarks += _publish(context)
        lake = _publish_lake(context, plan)
        result = context.finish(certificates, flows, [*remarks, *(lake.remarks if lake else ())], lake)
    on_event(RunFinished(result.run, result.status, result.exit_code))
    return result


def _read(context: RunContext, plan: RunPlan) -> tuple[Sequence[Certificate], list[str]]:
    """Read, prove and load; return what the account gave, and what became of its custom fields."""
    if context.account is None:
        return (), []
    from acflow.app.reading import read_and_land
    from acflow.custom.widen import widen

    options = plan.options
    if context.settings.refresh == "incremental":
        options = replace(options, incremental=ALL)
    context.enter(Step.READ, [chosen.name for chosen in plan.entities])
    certificates, changed = read_and_land(context, context.account, plan.entities, options, plan.optional)
    certificates = tuple(replace(each, optional=each.entity in plan.optional) for each in certificates)
    with context.account.warehouse.held():
        widened = widen(
            flow_warehouse(context.settings),
            context.account.loader,
            context.settings.state / "spool",
            run=context.run,
            landed={certificate.entity for certificate in certificates if certificate.landed},
            now=min(context.account.client.now(), options.clock()),
            changed=changed,
        )
    for certificate in certificates:
        context.emit(_told(certificate))
    return certificates, [str(custom) for custom in widened]


def _gather(context: RunContext, plan: RunPlan) -> None:
    """Copy what flows over several accounts are made of."""
    if plan.flows and plan.flows.tables:
        from acflow.app.gathering import gather

        needed = plan.flows.plan.entities(plan.flows.order)
        gather(context, plan.flows.warehouse, plan.flows.file, plan.flows.tables, needed)


def _compute(context: RunContext, plan: RunPlan, certificates: Sequence[Certificate]) -> Sequence[FlowResult]:
    """Compute and deliver the flows."""
    if plan.flows is None:
        return ()
    with plan.flows.warehouse.held(sealed=True):
        results = compute_flows(context, plan.flows, certificates, only_changed=plan.only_changed)
    return deliver_flows(context, plan.flows, results)


def _publish(context: RunContext) -> list[str]:
    """Let those who only read see what the run has left; return what they should know of it."""
    context.enter(Step.PUBLISH)
    remark = publish_run(context.settings, flow_warehouse(context.settings), context.run)
    return [remark] if remark else []


def _publish_lake(context: RunContext, plan: RunPlan) -> "LakeResult | None":
    """Let other engines see what the run has left, where the project has a lake."""
    if not context.settings.lake:
        return None
    from acflow.app.lake import publish_lake

    context.enter(Step.LAKE)
    file = plan.flows.file if plan.flows else None
    return publish_lake(context.settings, file, between=context.cancel.raise_if_cancelled)


def _told(certificate: Certificate) -> EntityCertified:
    return EntityCertified(
        entity=certificate.entity,
        verdict=certificate.verdict.value,
        rows=certificate.received,
        promised=certificate.promised_last,
        landed=certificate.landed,
        reason=certificate.reason,
        notes=certificate.notes,
    )
