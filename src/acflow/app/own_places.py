"""What no delivery may replace: the certified tables, and acflow's own files, however they are spelled."""

from collections.abc import Iterator
from pathlib import Path

from acflow.destinations.atomic_file import local_path, remote_scheme
from acflow.destinations.model import Certified, Target
from acflow.destinations.registry import FORMATS, destination
from acflow.destinations.suggest import database_file
from acflow.destinations.tables import refuse_certified
from acflow.engine import DuckDBWarehouse, Warehouse
from acflow.errors import AcflowError, ConfigError
from acflow.settings import Settings

PROBE = 3.0  # seconds to wait for a server before a run; what does not answer is asked again when rows are delivered
DATABASE_FILES = {"duckdb", "sqlite"}


def certified_tables(warehouse: Warehouse) -> Certified:
    """Return which database holds the certified tables, and in which schemas they and what will replace them are."""
    return Certified(warehouse.identity(), frozenset({warehouse.dataset, f"{warehouse.dataset}_staging"}))


def check_target(target: Target, name: str, warehouse: Warehouse, settings: Settings, flow_file: str) -> None:
    """Raise ConfigError if a delivery would replace a certified table or a file of acflow's own.

    A server that does not answer, or a file that does not open, is no reason: the delivery asks again, and fails there.
    """
    path = _file_of(target)
    if path is None:
        _check_server(target, name, warehouse)
    elif isinstance(warehouse, DuckDBWarehouse) and target.kind == "duckdb" and _same(path, warehouse.path):
        schema = (target.table or "").rpartition(".")[0] or destination("duckdb").usual_schema
        refuse_certified(target, schema, certified_tables(warehouse).schemas)
    elif _is_ours(path, list(_own_files(warehouse, flow_file)), settings.state):
        raise ConfigError(f"{target.shown} is a file of acflow's own. Choose another place.")


def _check_server(target: Target, name: str, warehouse: Warehouse) -> None:
    probe = destination(target.kind).schema_of
    if probe is None or warehouse.dialect != "postgres":
        return
    try:
        identity, schema = probe(target, name, PROBE)
        certified = certified_tables(warehouse)
    except ConfigError:
        raise
    except AcflowError:
        return
    if identity == certified.identity:
        refuse_certified(target, schema, certified.schemas)


def _file_of(target: Target) -> Path | None:
    """Return the file on this machine that a destination is."""
    if target.kind in DATABASE_FILES:
        return (target.folder.resolve() / database_file(target).to).resolve()
    if target.kind in FORMATS and not remote_scheme(target.to):
        return local_path(target)
    return None


def _own_files(warehouse: Warehouse, flow_file: str) -> Iterator[Path]:
    flows = Path(flow_file).resolve()
    yield from (flows, flows.with_name(".env"), Path(".env").resolve())
    if isinstance(warehouse, DuckDBWarehouse):
        file = warehouse.path.resolve()
        yield file
        for pattern in (f"{file.name}.*", f".{file.name}.*"):  # what DuckDB and acflow lay beside it
            yield from file.parent.glob(pattern)
        yield from (file.with_name(f"{file.name}.wal"), file.with_name(f".{file.name}.lock"))


def _is_ours(path: Path, files: list[Path], state: Path) -> bool:
    """Whether a path is one of these files or lies in the state folder, be it by a link or in another case."""
    inside = any(_same(parent, state) or parent == state.resolve() for parent in path.parents)
    return inside or path in files or any(_same(path, file) for file in (*files, *state.rglob("*")))


def _same(one: Path, other: Path) -> bool:
    try:
        return one == other.resolve() or one.samefile(other)
    except (OSError, ValueError):  # one of them is not there
        return False
