"""What acflow remembers of its runs: one row per run, a certificate per entity and a result per flow of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Column, DateTime, MetaData, String, Table, create_engine, event, insert, select, update
from sqlalchemy.engine import ExceptionContext

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
TOUCHED = ("computed", "running")  # after these, and no other, the table is not as it was before


class Ledger:
    """Runs and certificates, in any database that SQLAlchemy knows; a SQLite file by default."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, connect_args={"timeout": PATIENCE} if url.startswith("sqlite") else {})
        event.listen(self._engine, "handle_error", self._explain)
        METADATA.create_all(self._engine)

    def _explain(self, context: ExceptionContext) -> None:
        """Say what the database's error means to whoever runs acflow."""
        where = self._engine.url.database or self._engine.url.render_as_string()
        raise LedgerError(
            f"The record of runs, {where}, cannot be used: {context.original_exception}. "
            "If it is damaged, move it away and run again; only the history of runs is lost with it."
        ) from None

    @classmethod
    def at(cls, folder: Path) -> "Ledger":
        """Return the ledger in acflow's state folder, made if it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'ledger.sqlite'}")

    def start(self, account: str) -> str:
        """Open a run and return its id, which sorts by time."""
        now = datetime.now(UTC)
        run = f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
        with self._engine.begin() as connection:
            row = {"id": run, "started_at": now, "status": "running", "account": account}
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
                connection.execute(insert(CERTIFICATES).values(**row, content=certificate.as_dict()))

    def keep_flows(self, run: str, results: Sequence[Mapping[str, Any]]) -> None:
        """Keep results of flows, in place of earlier ones of the same run and flow; each has a name and a status."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            for result in results:
                connection.execute(FLOWS.delete().where((FLOWS.c.run == run) & (FLOWS.c.flow == result["name"])))
                row = {"run": run, "flow": result["name"], "at": now, "status": result["status"]}
                connection.execute(insert(FLOWS).values(**row, content=dict(result)))

    def end(self, run: str, status: str, message: str | None = None) -> None:
        """Close a run with a status: ok, partial, failed, interrupted."""
        with self._engine.begin() as connection:
            values = {"status": status, "ended_at": datetime.now(UTC), "message": message}
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(**values))

    def close_abandoned(self) -> list[str]:
        """Mark runs that never ended (their process was killed) and return their ids. Call with the project locked."""
        with self._engine.begin() as connection:
            found = list(connection.execute(select(RUNS.c.id).where(RUNS.c.status == "running")).scalars())
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
            rows = connection.execute(by_time).mappings()
            return [{**row["content"], "run": row["run"], "at": row["at"]} for row in rows]

    def runs(self, limit: int = 20) -> list[dict[str, Any]]:
        """Return the last runs, newest first."""
        query = select(RUNS).order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def certificates(self, run: str) -> list[dict[str, Any]]:
        """Return the certificates of one run, as they were printed."""
        query = select(CERTIFICATES.c.content).where(CERTIFICATES.c.run == run).order_by(CERTIFICATES.c.entity)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def landed_certificates(self) -> list[dict[str, Any]]:
        """Return the certificate of the reading that each entity's table holds, with its `run` and when it was `at`."""
        last = {each["entity"]: each for each in self.all_certificates() if each["landed"]}
        return [last[entity] for entity in sorted(last)]

    def refused_certificates(self) -> list[dict[str, Any]]:
        """Return the certificate of the last reading of each entity whose last reading did not land."""
        last = {each["entity"]: each for each in self.all_certificates()}
        return [last[entity] for entity in sorted(last) if not last[entity]["landed"]]

    def flows(self, run: str) -> list[dict[str, Any]]:
        """Return the results of one run, in the order in which they came."""
        query = select(FLOWS.c.content).where(FLOWS.c.run == run).order_by(FLOWS.c.at, FLOWS.c.flow)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def last_flows(self) -> dict[str, dict[str, Any]]:
        """Return the last result of each flow, with its `run` and when it was `at`."""
        query = select(FLOWS).order_by(FLOWS.c.at)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return {row["flow"]: {**row["content"], "run": row["run"], "at": row["at"]} for row in rows}

    def last_computed(self, flow: str) -> dict[str, Any] | None:
        """Return the last result that changed the table of a flow, with its `run`; None if there is none."""
        touched = (FLOWS.c.flow == flow) & FLOWS.c.status.in_(TOUCHED)
        query = select(FLOWS).where(touched).order_by(FLOWS.c.at.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else {**row["content"], "run": row["run"], "at": row["at"]}

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
