"""Which kind of destination a `to:` names. Only the words, as a test compares them; writing there is `deliver`'s."""

from enum import StrEnum
from pathlib import PurePosixPath

from acflow.flows.problems import nearest


class DestinationKind(StrEnum):
    """What stands at the other end."""

    FILE = "file"
    DATABASE = "database"
    SHEET = "sheet"


# Endings of files; a URL with any scheme that fsspec knows may stand before them.
ENDINGS = {
    ".csv": "csv",
    ".csv.gz": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson.gz": "jsonl",
}

DATABASES = ("duckdb", "sqlite", "postgresql", "postgres")
SHEETS = ("gsheets://", "https://docs.google.com/spreadsheets/")


def scheme_of(address: str) -> str:
    """Return the part before `:` of an address that has one; a drive letter is none."""
    scheme, colon, _ = address.partition(":")
    plain = scheme.partition("+")[0].lower()
    return plain if colon and len(plain) > 1 and plain.isalnum() else ""


def ending_of(address: str) -> str:
    """`.csv.gz` of `out/deals.csv.gz`."""
    suffixes = PurePosixPath(address.replace("\\", "/").partition("?")[0].lower()).suffixes
    return "".join(suffixes[-2:]) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])


def kind_of(address: str, file_format: str | None = None) -> DestinationKind | None:
    """Return the kind of destination, or None if the address tells none."""
    if address.startswith(SHEETS):
        return DestinationKind.SHEET
    if scheme_of(address) in DATABASES:
        return DestinationKind.DATABASE
    if file_format or ending_of(address) in ENDINGS:
        return DestinationKind.FILE
    return None


def explain_unknown(address: str) -> str:
    """Say what could be meant by an address of no kind."""
    near = nearest(ending_of(address), ENDINGS) if ending_of(address) else None
    near = near or nearest(scheme_of(address), DATABASES)
    if near:
        return f"Did you mean `{near}`?" if near.startswith(".") else f"Did you mean `{near}://`?"
    return f"Use a file that ends in {', '.join(ENDINGS)}, the URL of a database, or the URL of a Google sheet."
