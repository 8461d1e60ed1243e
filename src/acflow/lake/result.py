"""What became of the lake: plain data, which goes between processes as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from acflow.errors import OK


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """What a publish did to a table: its version, the account's rows in it, how many parts were written or removed."""

    name: str
    version: int
    rows: int
    parts_written: int = 0
    parts_removed: int = 0
    remark: str | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was committed."""
        return bool(self.parts_written or self.parts_removed or self.remark)


@dataclass(frozen=True, slots=True)
class LakeResult:
    """What became of the lake: whose rows, the tables that changed; `error` is None if all is published."""

    to: str
    account: str
    tables: tuple[PublishedTable, ...] = ()
    error: str | None = None
    code: int = OK

    @property
    def remarks(self) -> list[str]:
        """What the reader should know of it."""
        said = [f"{table.name} in the lake: {table.remark}." for table in self.tables if table.remark]
        return [*said, *([self.error] if self.error else [])]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)
