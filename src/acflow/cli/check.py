"""`acflow check`: what this project can reach, before anything is read."""

from typing import TYPE_CHECKING

import typer

from acflow.cli import console, project, stdout
from acflow.cli.options import AccountOption, JsonOption, WarehouseOption

if TYPE_CHECKING:
    from acflow.app.doctor import Diagnosis, EntityAccess, WarehouseState

EXAMPLES = ("acflow check", "acflow check --json")


def check(json: JsonOption = False, account: AccountOption = None, warehouse: WarehouseOption = None) -> None:
    """Try account and warehouse, and tell what the key may see.

    Says whose key it is, what each entity holds, how fast the account answers, and whether the warehouse is free.
    """
    from acflow.app.doctor import diagnose

    diagnosis = diagnose(project.here(account=account, warehouse=warehouse))
    if json:
        stdout.write_json(diagnosis.as_dict())
    else:
        _print(diagnosis)
    raise typer.Exit(diagnosis.exit_code)


def _print(diagnosis: "Diagnosis") -> None:
    account, warehouse = diagnosis.account, diagnosis.warehouse
    user = account.user
    lines = [
        f"Account     {account.url}",
        f"Key of      {user['username'] or user['id']}" + (f" <{user['email']}>" if user["email"] else ""),
        f"Answers in  {account.latency_seconds} s" if account.latency_seconds is not None else "",
        *(f"  {access.entity:<20}{_access(access)}" for access in diagnosis.entities),
        f"Warehouse   {warehouse.url}: {warehouse.error or _free(warehouse)}",
        "Versions    " + ", ".join(f"{name} {number}" for name, number in diagnosis.versions.items()),
    ]
    stdout.write("\n".join(console.printable(line) for line in lines if line))


def _access(access: "EntityAccess") -> str:
    if access.visible:
        return f"{access.rows:>12,} rows" if access.rows is not None else "     visible, number of rows unknown"
    return f"{'forbidden' if access.visible is False else 'not read'}: {access.error}"


def _free(warehouse: "WarehouseState") -> str:
    tables = len(warehouse.tables)
    return f"free, {tables} tables" if tables else "free, empty"
