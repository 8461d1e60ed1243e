"""What is delivered, where to, and what a kind of destination must be able to do."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

Mode = Literal["replace", "append", "merge"]
Treatment = Literal["hash", "mask", "drop"]


@dataclass(frozen=True, slots=True)
class Source:
    """The result of a flow, ready to be read once, batch by batch.

    `rows` is known beforehand, for the limits of destinations and the proof that nothing got lost on the way.
    """

    name: str
    schema: "pa.Schema"
    rows: int
    batches: "Iterable[pa.RecordBatch]" = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certified:
    """The database and the schemas that hold the account's tables; its identity is the same by any address."""

    identity: Hashable
    schemas: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A destination as the flow file describes it, checked."""

    kind: str
    to: str = field(repr=False)  # it may hold a password
    folder: Path = Path()
    mode: Mode = "replace"
    key: tuple[str, ...] = ()
    sheet: str | None = None
    table: str | None = None
    header: bool = True
    bom: bool = False
    delimiter: str = ","
    decimal: str = "."
    date_format: str = ""
    zone: str = "UTC"
    formats: Mapping[str, str] = field(default_factory=dict)
    credentials: str | None = field(default=None, repr=False)
    privacy: Mapping[str, Treatment] = field(default_factory=dict)
    privacy_key: bytes = field(default=b"", repr=False)  # what hashes are made with; set when the run delivers
    working: Path | None = None  # where copies of rows lie meanwhile; set when the run delivers
    patience: float = 60.0  # seconds to wait for a database that is busy or on its way; set when the run delivers
    certified: Certified | None = None  # the tables that no delivery may replace; set when the run delivers

    @property
    def shown(self) -> str:
        """The address as it may be printed: no password, and nothing behind a question mark."""
        head, slashes, rest = self.to.partition("://")
        if not slashes:
            return self.to
        server, slash, path = rest.partition("/")
        return f"{head}://{server.rpartition('@')[2]}{slash}{path}".partition("?")[0]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One result and the place that it goes to."""

    source: Source
    target: Target


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was done, for the report of the run."""

    name: str
    kind: str
    to: str
    rows: int
    size: int | None = None  # bytes, of files


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One kind of place: a file if it has `endings`, else a database, unless it has `sheets`.

    `check` refuses what can be refused before anything is read; `write` takes parcels that go to one place, more than
    one only if the kind is `shared`, and leaves that place as it was if anything fails. `schema_of` asks a server which
    database it is and in which schema the table is or would be made, waiting no longer than the seconds given.
    `attempt` goes as far as it can towards writing the result of that name without changing anything, and raises what
    would stop it, within about the seconds given.
    """

    name: str
    title: str
    example: str
    write: Callable[[Sequence[Delivery]], list[Delivered]] = field(repr=False)
    check: Callable[[Target, str | None], None] = field(repr=False)
    endings: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ("replace",)
    options: frozenset[str] = frozenset()
    shared: bool = False
    schema_of: Callable[[Target, str, float], tuple[Hashable, str]] | None = field(default=None, repr=False)
    attempt: Callable[[Target, str, float], None] | None = field(default=None, repr=False)
    sheets: bool = False
    usual_schema: str = ""  # where a table goes that names none

    @property
    def is_file(self) -> bool:
        """Whether it is a file, here or somewhere else."""
        return bool(self.endings)

    @property
    def is_database(self) -> bool:
        """Whether rows go into a table of a database."""
        return not (self.is_file or self.sheets)
