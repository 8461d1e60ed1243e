"""What a project can reach, before anything is read: the account, what the key may see, the warehouse."""

import platform
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from acflow.entities import BY_DEFAULT, ENTITIES
from acflow.errors import OK, PARTIAL, AcflowError, ForbiddenError, NotFoundError, WarehouseError

if TYPE_CHECKING:
    from acflow.app.project import Project
    from acflow.entities.model import Entity
    from acflow.source.client import Client

PACKAGES = ("acflow", "duckdb", "pyarrow")
PATIENCE = 2.0  # seconds to wait for the warehouse


@dataclass(frozen=True, slots=True)
class EntityAccess:
    """Whether the key sees an entity (None if that could not be found out), and how many rows it holds."""

    entity: str
    visible: bool | None
    rows: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AccountState:
    """Whose key it is, and how fast the account answers."""

    url: str
    user: dict[str, Any]
    latency_seconds: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class WarehouseState:
    """Whether the warehouse can be written to now, and what it holds."""

    url: str
    free: bool
    tables: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that was looked at."""

    account: AccountState
    entities: tuple[EntityAccess, ...]
    warehouse: WarehouseState
    versions: dict[str, str]

    @property
    def exit_code(self) -> int:
        """0 if all is well, 5 if an entity cannot be read, 6 if the warehouse cannot be written to."""
        if not self.warehouse.free:
            return WarehouseError.exit_code
        needed = {known.name for known in ENTITIES}  # helpers are there to help; an account may lack some
        return OK if all(each.visible for each in self.entities if each.entity in needed) else PARTIAL

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def diagnose(project: "Project") -> Diagnosis:
    """Try account and warehouse.

    Raises:
        ConfigError: address or key are missing, or the account refused the key.
        ApiError: the account does not answer.

    """
    with project.client() as client:
        user = client.probe()
        started = time.monotonic()
        with ThreadPoolExecutor(len(BY_DEFAULT)) as pool:
            looked = list(pool.map(lambda entity: _look(client, entity), BY_DEFAULT))
    latencies = [latency for _, latency in looked if latency is not None]
    return Diagnosis(
        account=AccountState(
            url=client.url,
            user={name: user.get(name) for name in ("id", "username", "email")},
            latency_seconds=round(statistics.median(latencies), 3) if latencies else None,
            seconds=round(time.monotonic() - started, 3),
        ),
        entities=tuple(access for access, _ in looked),
        warehouse=warehouse_state(project),
        versions={"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    )


def warehouse_state(project: "Project") -> WarehouseState:
    """Tell whether the warehouse can be opened for writing now."""
    from acflow.engine import open_warehouse
    from acflow.load.owner import check_owner

    settings = project.settings
    try:
        opened = open_warehouse(settings.warehouse, settings.dataset, patience=PATIENCE, memory=settings.memory)
        opened.check()
        check_owner(opened, settings.url)
        return WarehouseState(settings.warehouse, free=True, tables=tuple(opened.tables()))
    except AcflowError as error:
        return WarehouseState(settings.warehouse, free=False, error=str(error))


def _look(client: "Client", entity: "Entity") -> tuple[EntityAccess, float | None]:
    """Ask for one row of an entity; return what was seen, and after how many seconds."""
    try:
        page = client.first_rows(entity, 1)
    except (ForbiddenError, NotFoundError) as error:
        return EntityAccess(entity.name, visible=False, error=str(error)), None
    except AcflowError as error:
        return EntityAccess(entity.name, visible=None, error=str(error)), None
    return EntityAccess(entity.name, visible=True, rows=page.total), page.seconds
