"""The public Python API: a project, and what one asks of it. Tables come as Arrow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acflow.app.events import OnEvent, ignore
from acflow.app.project import Project as AppProject

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.app.cancel import CancelToken
    from acflow.app.flows import FlowInfo
    from acflow.app.model import RunResult


@dataclass(frozen=True)
class Project:
    """A project of a folder. It holds no connection and no lock between two calls."""

    _project: AppProject

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._project.folder

    def run(  # noqa: PLR0913 - each is a word of the request
        self,
        names: Sequence[str] = (),
        *,
        only_changed: bool = False,
        read: bool = True,
        keep_going: bool = False,
        incremental: bool = False,
        accept_shrink: Sequence[str] = (),
        on_event: OnEvent = ignore,
        cancel: "CancelToken | None" = None,
    ) -> "RunResult":
        """Read the account, prove it, load it, compute the flows and deliver them.

        `names` are flows or entities; everything if none is named. `on_event` is told how it goes.

        Raises:
            AcflowError: nothing could be read or written; its `code` says what went wrong.

        """
        from acflow.app.model import RunOptions, RunRequest
        from acflow.app.pipeline import run

        changes = frozenset({"all"}) if incremental else frozenset[str]()
        options = RunOptions(accept_shrink=frozenset(accept_shrink), incremental=changes)
        request = RunRequest(tuple(names), only_changed=only_changed, read=read, keep_going=keep_going, options=options)
        return run(self._project.reopened(), request, on_event, cancel)

    def flows(self) -> "list[FlowInfo]":
        """Return the flows and how each stands."""
        from acflow.app.flows import list_flows

        return list_flows(self._project.reopened())

    def report(self, name: str, as_of: datetime | None = None, options: Mapping[str, str] | None = None) -> "pa.Table":
        """Return the rows of a report; `options` by name, as in `{"basis": "sends"}`."""
        from acflow.app.reports import answer, report_options

        opened = self._project.reopened()
        return answer(opened, name, report_options(opened, as_of, options)).table

    def query(self, sql: str, *, seconds: float = 300.0) -> "pa.Table":
        """Return the answer to one SELECT over the tables of the warehouse, which are called by their plain names."""
        import pyarrow as pa

        from acflow.app.data import query

        with query(self._project.reopened(), sql, seconds=seconds) as answer:
            return pa.Table.from_batches(answer.batches, answer.schema)


def open(folder: Path | str = ".", env: Mapping[str, str] | None = None, **settings: Any) -> Project:  # noqa: A001, ANN401
    """Return the project of a folder, whatever the working directory will be.

    Settings come from `settings`, then from `env` (the process's own if none is given), then from the folder's `.env`
    and `acflow.yaml`. Nothing is read before it is needed.
    """
    return Project(AppProject.open(Path(folder).absolute(), env, **settings))
