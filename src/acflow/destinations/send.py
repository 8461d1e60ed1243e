"""Deliver: read a result once, write it in one place."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from acflow.destinations.atomic_file import place_of
from acflow.destinations.model import Delivered, Delivery, Source, Target
from acflow.destinations.privacy import private
from acflow.destinations.registry import destination
from acflow.engine import Warehouse

if TYPE_CHECKING:
    import pyarrow as pa


def deliver(source: Source, target: Target) -> Delivered:
    """Write one result to one place.

    Raises:
        DeliveryError: it could not be written, or is beyond what the place can hold; what was there stays.

    """
    return deliver_together([Delivery(source, target)])[0]


def deliver_together(parcels: Sequence[Delivery]) -> list[Delivered]:
    """Write the parcels of one place, as `by_place` sorts them: the sheets of a workbook, or a single one."""
    return destination(parcels[0].target.kind).write([private(parcel) for parcel in parcels])


def group_by_target(parcels: Sequence[Delivery]) -> list[list[Delivery]]:
    """Return the parcels in the groups that must be written together, each in its order."""
    groups: dict[object, list[Delivery]] = {}
    for number, parcel in enumerate(parcels):
        shared = destination(parcel.target.kind).shared
        groups.setdefault(place_of(parcel.target) if shared else number, []).append(parcel)
    return list(groups.values())


def from_warehouse(name: str, warehouse: Warehouse, sql: str) -> Source:
    """Return the rows of a statement in the warehouse's dialect, opened when they are read and not before."""
    counted = warehouse.query(f"SELECT count(*) AS n FROM ({sql}) AS q")  # noqa: S608 - a statement of ours
    with warehouse.stream(sql) as reader:  # of the rows themselves: decimals may show their places only there
        schema = reader.schema
    return Source(name, schema, int(counted.column("n")[0].as_py()), _Rows(warehouse, sql))


class _Rows:
    """The batches of a statement."""

    def __init__(self, warehouse: Warehouse, sql: str) -> None:
        self._warehouse, self._sql = warehouse, sql

    def __iter__(self) -> "Iterator[pa.RecordBatch]":
        with self._warehouse.stream(self._sql) as reader:
            yield from reader
