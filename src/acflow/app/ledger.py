"""What acflow remembers of its runs: one row per run, a certificate per entity and a result per flow of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    DateTime,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    join,
    select,
    true,
    update,
)
from sqlalchemy.engine import ExceptionContext, RowMapping

from acflow.app.ledger_layout import upgrade
from acflow.engine.redaction import storable
from acflow.errors import LedgerError
from acflow.source.certificate import Certificate

METADATA = MetaData()
RUNS = Table(
    "runs",
    METADATA,
    Column("id", String, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("status", String, nullable=False),
    Column("account", String, nullable=False),
    Column("message", String),
)
CERTIFICATES = Table(
    "certificates",
    METADATA,
    Column("run", String, primary_key=True),
    Column("entity", String, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("verdict", String, nullable=False),
    Column("content", JSON, nullable=False),
)
FLOWS = Table(
    "flows",
    METADATA,
    Column("run", String, primary_key=True),
    Column("flow", String, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("status", String, nullable=False),
    Column("content", JSON, nullable=False),
)
PATIENCE = 60.0  # seconds to wait for another process that writes
RUNNING = "running"
TOUCHED = ("computed", RUNNING)  # after these, and no other, the table is not as it was before


class Ledger:
    """Runs and certificates, in any database that SQLAlchemy knows; a SQLite file by default."""

    def __init__(self, url: str, redact: Callable[[str], str] = str) -> None:
        self._redact = redact
        self._engine = create_engine(url, connect_args={"timeout": PATIENCE} if url.startswith("sqlite") else {})
        event.listen(self._engine, "handle_error", self._explain)
        upgrade(self._engine, METADATA)

    def _explain(self, context: ExceptionContext) -> None:
        """Say what the database's error means to whoever runs acflow; Ctrl-C meanwhile is no error of it."""
        if not isinstance(context.original_exception, Exception):
            return
        where = self._engine.url.database or self._engine.url.render_as_string()
        raise LedgerError(
            f"The record of runs, {where}, cannot be used: {context.original_exception}. "
            "If it is damaged, move it away and run again; only the history of runs is lost with it."
        ) from None

    @classmethod
    def at(cls, folder: Path, redact: Callable[[str], str] = str) -> "Ledger":
        """Return the ledger in acflow's state folder, made if it is not there; `redact` takes secrets out of texts."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'ledger.sqlite'}", redact)

    def start(self, account: str) -> str:
        """Open a run and return its id, which sorts by time."""
        now = datetime.now(UTC)
        run = f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
        with self._engine.begin() as connection:
            row = {"id": run, "started_at": now, "status": RUNNING, "account": account}
            connection.execute(insert(RUNS).values(**row))
        return run

    def keep(self, run: str, certificates: Sequence[Certificate]) -> None:
        """Keep the certificates of a run, in place of earlier ones of the same run and entity."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            for certificate in certificates:
                where = (CERTIFICATES.c.run == run) & (CERTIFICATES.c.entity == certificate.entity)
                connection.execute(CERTIFICATES.delete().where(where))
                row = {"run": run, "entity": certificate.entity, "at": now, "verdict": certificate.verdict.value}
                connection.execute(
                    insert(CERTIFICATES).values(**row, content=storable(certificate.as_dict(), self._redact))
                )

    def keep_flows(self, run: str, results: Sequence[Mapping[str, Any]]) -> None:
        """Keep results of flows, in place of earlier ones of the same run and flow; each has a name and a status."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            for result in results:
                connection.execute(FLOWS.delete().where((FLOWS.c.run == run) & (FLOWS.c.flow == result["name"])))
                row = {"run": run, "flow": result["name"], "at": now, "status": result["status"]}
                connection.execute(insert(FLOWS).values(**row, content=storable(result, self._redact)))

    def end(self, run: str, status: str, message: str | None = None) -> None:
        """Close a run with a status: ok, partial, failed, cancelled."""
        with self._engine.begin() as connection:
            kept = storable({"message": message}, self._redact)
            values = {"status": status, "ended_at": datetime.now(UTC), **kept}
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(**values))

    def close_abandoned(self) -> list[str]:
        """Mark runs that never ended (their process was killed) and return their ids. Call with the project locked."""
        with self._engine.begin() as connection:
            found = list(connection.execute(select(RUNS.c.id).where(RUNS.c.status == RUNNING)).scalars())
            connection.execute(update(RUNS).where(RUNS.c.id.in_(found)).values(status="killed"))
        return found

    def keep_landed(self, entities: Iterable[str]) -> None:
        """Note that the last certified reading of these entities has landed after all, by a load finished late."""
        with self._engine.begin() as connection:
            for entity in entities:
                last = select(CERTIFICATES).where(CERTIFICATES.c.entity == entity).order_by(CERTIFICATES.c.at.desc())
                row = connection.execute(last.limit(1)).mappings().first()
                if row is not None and row["content"]["reason"] is None:
                    where = (CERTIFICATES.c.run == row["run"]) & (CERTIFICATES.c.entity == entity)
                    content = {**row["content"], "landed": True}
                    connection.execute(update(CERTIFICATES).where(where).values(content=content))

    def seen_fields(self, entity: str) -> dict[str, list[str]] | None:
        """Return the fields that the last run which read this entity saw, with their kinds; None if there was none."""
        by_time = (
            select(CERTIFICATES.c.content).where(CERTIFICATES.c.entity == entity).order_by(CERTIFICATES.c.at.desc())
        )
        with self._engine.connect() as connection:
            for content in connection.execute(by_time).scalars():
                if content["seen_fields"]:
                    return dict(content["seen_fields"])
        return None

    def all_certificates(self) -> list[dict[str, Any]]:
        """Return every certificate from the first run on, with its `run` and when it was `at`."""
        by_time = select(CERTIFICATES).order_by(CERTIFICATES.c.at, CERTIFICATES.c.run)
        with self._engine.connect() as connection:
            return [_beside(row) for row in connection.execute(by_time).mappings()]

    def runs(self, limit: int = 20, *, begins: str = "", before: str | None = None) -> list[dict[str, Any]]:
        """Return the last runs, newest first: those whose id begins so, and that are older than the run `before`."""
        query = select(RUNS).order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc()).limit(limit)
        if begins:
            query = query.where(RUNS.c.id.startswith(begins, autoescape=True))
        if before is not None:
            start = select(RUNS.c.started_at).where(RUNS.c.id == before).scalar_subquery()
            older = (RUNS.c.started_at == start) & (RUNS.c.id < before)
            query = query.where((RUNS.c.started_at < start) | older)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def is_running(self) -> bool:
        """Whether the record says of any run that it goes on."""
        query = select(RUNS.c.id).where(RUNS.c.status == RUNNING).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def certificates(self, run: str) -> list[dict[str, Any]]:
        """Return the certificates of one run, as they were printed."""
        query = select(CERTIFICATES.c.content).where(CERTIFICATES.c.run == run).order_by(CERTIFICATES.c.entity)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def landed_certificates(self, until: datetime | None = None) -> list[dict[str, Any]]:
        """Return the certificate of the reading that each entity's table holds, or held after runs begun `until` then.

        Each comes with its `run`, with when that was `started_at`, and when the certificate was written, `at`.
        """
        landed = CERTIFICATES.c.content["landed"].as_boolean()
        return self._newest(landed if until is None else landed & (RUNS.c.started_at <= until))

    def refused_certificates(self) -> list[dict[str, Any]]:
        """Return the certificate of the last reading of each entity whose last reading did not land."""
        return [certificate for certificate in self.newest_certificates() if not certificate["landed"]]

    def newest_certificates(self) -> list[dict[str, Any]]:
        """Return the certificate of the last reading of each entity; beside it the same as `landed_certificates`."""
        return self._newest(true())

    def _newest(self, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
        """Return the newest certificate of each entity among those that meet a condition, by entity."""
        together = join(CERTIFICATES, RUNS, CERTIFICATES.c.run == RUNS.c.id)
        start = func.max(RUNS.c.started_at).label("start")
        last = select(CERTIFICATES.c.entity, start).select_from(together).where(condition)
        newest = last.group_by(CERTIFICATES.c.entity).subquery()
        same = (CERTIFICATES.c.entity == newest.c.entity) & (RUNS.c.started_at == newest.c.start)
        query = select(CERTIFICATES, RUNS.c.started_at).select_from(join(together, newest, same)).where(condition)
        with self._engine.connect() as connection:
            return [_beside(row) for row in connection.execute(query.order_by(CERTIFICATES.c.entity)).mappings()]

    def results_of(self, flow: str, limit: int) -> list[dict[str, Any]]:
        """Return the last results of one flow, newest first, each with what `last_flows` puts beside it."""
        query = (
            select(FLOWS, RUNS.c.started_at, RUNS.c.status.label("run_status"))
            .outerjoin(RUNS, RUNS.c.id == FLOWS.c.run)
            .where(FLOWS.c.flow == flow)
            .order_by(FLOWS.c.at.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [_beside(row) for row in connection.execute(query).mappings()]

    def flows(self, run: str) -> list[dict[str, Any]]:
        """Return the results of one run, in the order in which they came, each with its `run` and when it was `at`."""
        query = select(FLOWS).where(FLOWS.c.run == run).order_by(FLOWS.c.at, FLOWS.c.flow)
        with self._engine.connect() as connection:
            return [_beside(row) for row in connection.execute(query).mappings()]

    def last_flows(self) -> dict[str, dict[str, Any]]:
        """Return the last result of each flow; `started_at` and `run_status` are those of its run, None if unknown."""
        newest = select(FLOWS.c.flow, func.max(FLOWS.c.at).label("at")).group_by(FLOWS.c.flow).subquery()
        same = (FLOWS.c.flow == newest.c.flow) & (FLOWS.c.at == newest.c.at)
        query = (
            select(FLOWS, RUNS.c.started_at, RUNS.c.status.label("run_status"))
            .join(newest, same)
            .outerjoin(RUNS, RUNS.c.id == FLOWS.c.run)
            .order_by(FLOWS.c.flow)
        )
        with self._engine.connect() as connection:
            return {row["flow"]: _beside(row) for row in connection.execute(query).mappings()}

    def last_computed(self, flow: str) -> dict[str, Any] | None:
        """Return the last result that changed the table of a flow, with its `run`; None if there is none."""
        touched = (FLOWS.c.flow == flow) & FLOWS.c.status.in_(TOUCHED)
        query = select(FLOWS).where(touched).order_by(FLOWS.c.at.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else _beside(row)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _beside(row: RowMapping) -> dict[str, Any]:
    """Return what was kept, with what the record knows of it beside."""
    known = {name: row[name] for name in ("run", "at", "started_at", "run_status") if name in row}
    return {**row["content"], **known}
