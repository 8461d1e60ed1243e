"""`acflow check`: what this project can reach, before anything is read."""

import platform
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import typer

from acflow.cli import project, stdout
from acflow.cli.options import JsonOption, WarehouseOption
from acflow.entities import BY_DEFAULT, ENTITIES
from acflow.errors import OK, PARTIAL, AcflowError, ForbiddenError, NotFoundError, WarehouseError

if TYPE_CHECKING:
    from acflow.entities.model import Entity
    from acflow.settings import Settings
    from acflow.source.client import Client

EXAMPLES = ("acflow check", "acflow check --json")
PACKAGES = ("acflow", "dlt", "duckdb")
PATIENCE = 2.0  # seconds to wait for the warehouse


def check(json: JsonOption = False, warehouse: WarehouseOption = None) -> None:
    """Try account and warehouse, and tell what the key may see.

    Says whose key it is, what each entity holds, how fast the account answers, and whether the warehouse is free.
    """
    settings = project.settings(warehouse=warehouse)
    with project.client(settings) as client:
        user = client.probe()
        started = time.monotonic()
        with ThreadPoolExecutor(len(BY_DEFAULT)) as pool:
            seen = list(pool.map(lambda each: _look(client, each), BY_DEFAULT))
    found = {
        "account": {
            "url": client.url,
            "user": {name: user.get(name) for name in ("id", "username", "email")},
            "latency_seconds": _median([each.pop("latency") for each in seen]),
            "seconds": round(time.monotonic() - started, 3),
        },
        "entities": seen,
        "warehouse": _warehouse(settings),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    }
    if json:
        stdout.write_json(found)
    else:
        _tell(found)
    raise typer.Exit(_exit_code(found))


def _look(client: "Client", entity: "Entity") -> dict[str, Any]:
    """Ask for one row of an entity."""
    row: dict[str, Any] = {"entity": entity.name, "visible": True, "rows": None, "error": None, "latency": None}
    try:
        page = client.first_rows(entity, 1)
    except (ForbiddenError, NotFoundError) as error:
        return row | {"visible": False, "error": str(error)}
    except AcflowError as error:
        return row | {"visible": None, "error": str(error)}
    return row | {"rows": page.total, "latency": page.seconds}


def _median(latencies: list[float | None]) -> float | None:
    known = [latency for latency in latencies if latency is not None]
    return round(statistics.median(known), 3) if known else None


def _warehouse(settings: "Settings") -> dict[str, Any]:
    """Tell whether the warehouse can be opened for writing now."""
    from acflow.engine import open_warehouse

    state: dict[str, Any] = {"url": settings.warehouse, "free": True, "tables": [], "error": None}
    try:
        opened = open_warehouse(settings.warehouse, settings.dataset, patience=PATIENCE, memory=settings.memory)
        opened.check()
        return state | {"tables": opened.tables()}
    except AcflowError as error:
        return state | {"free": False, "error": str(error)}


def _exit_code(found: dict[str, Any]) -> int:
    if not found["warehouse"]["free"]:
        return WarehouseError.exit_code
    asked = {each.name for each in ENTITIES}  # helpers are there to help; an account may lack some
    return OK if all(each["visible"] for each in found["entities"] if each["entity"] in asked) else PARTIAL


def _tell(found: dict[str, Any]) -> None:
    account, warehouse = found["account"], found["warehouse"]
    user = account["user"]
    lines = [
        f"Account     {account['url']}",
        f"Key of      {user['username'] or user['id']}" + (f" <{user['email']}>" if user["email"] else ""),
        f"Answers in  {account['latency_seconds']} s" if account["latency_seconds"] is not None else "",
        *(f"  {each['entity']:<20}{_seen(each)}" for each in found["entities"]),
        f"Warehouse   {warehouse['url']}: {warehouse['error'] or _free(warehouse)}",
        "Versions    " + ", ".join(f"{name} {number}" for name, number in found["versions"].items()),
    ]
    stdout.write("\n".join(line for line in lines if line))


def _seen(row: dict[str, Any]) -> str:
    if row["visible"]:
        return f"{row['rows']:>12,} rows" if row["rows"] is not None else "     visible, number of rows unknown"
    return f"{'forbidden' if row['visible'] is False else 'not read'}: {row['error']}"


def _free(warehouse: dict[str, Any]) -> str:
    tables = len(warehouse["tables"])
    return f"free, {tables} tables" if tables else "free, empty"
