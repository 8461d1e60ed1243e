"""Tell whoever wants to know how a run ended that no service watched, as one started by cron."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acflow.app.notices import Message, newly_stale, of_account, of_error, of_result, of_stale
from acflow.app.outgoing import PATIENCE, Sender
from acflow.app.receivers import notices
from acflow.app.schedules import Timetable, lasts

if TYPE_CHECKING:
    from acflow.app.model import RunResult
    from acflow.app.project import Project

Say = Callable[[str], None]


def tell_of_run(project: "Project", result: "RunResult", said: Say) -> None:
    """Tell how a run ended, and of scheduled flows that are overdue; what does not arrive is `said`."""
    if not project.file.notify:
        return
    now = datetime.now(UTC)
    overdue = newly_stale(project.state, Timetable.of(project.file, now).stale(lasts(project), now))
    _tell(project, [*of_result(result, project.file), *([of_stale(overdue)] if overdue else [])], said)


def tell_of_error(project: "Project", error: Exception, names: Sequence[str], said: Say) -> None:
    """Tell that a run ended before any flow did; nobody can be told where the flow file itself has mistakes."""
    if project.flow_path.exists() and project.file.notify:
        _tell(project, [of_error(error, names or list(project.file.flows))], said)


def _tell(project: "Project", messages: Sequence[Message], said: Say) -> None:
    sender = Sender(said)
    sender.put(notices(project.file, project.folder, of_account(project, messages)))
    sender.stop(PATIENCE)
