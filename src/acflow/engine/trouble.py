"""A database's own words, turned into what the reader should do."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from acflow.errors import ConfigError, DiskFullError, MemoryLimitError, WarehouseError

HIDDEN = "***"
FULL = re.compile(
    r"no space left|disk (is )?full|file too large|errno 28|errno 27|could not extend file"
    r"|max_temp_directory_size",  # DuckDB takes nine tenths of what was free on the disk for its limit
    re.IGNORECASE,
)
SHORT_OF_MEMORY = re.compile(r"out of memory error|could not allocate block|failed to pin block", re.IGNORECASE)
SECRET_PARAMETER = re.compile(r"(?i)((?:password|token|secret|private_key)[a-z_]*=)[^&\s]+")


def explain(error: BaseException, where: object) -> WarehouseError:
    """Return our error for a database's or file system's: a full disk, too little memory, or what it says."""
    said = str(error)
    if FULL.search(said):
        return DiskFullError(
            f"No space left while writing {where}. The old tables are whole. Free some space, run again."
        )
    if SHORT_OF_MEMORY.search(said):
        need = said.partition("\n")[0]
        return MemoryLimitError(f"{where} needs more memory ({need}). Set ACFLOW_MEMORY to more megabytes, run again.")
    return WarehouseError(f"{where}: {said}")


def busy(where: object, waited: float) -> str:
    """Return what to say of a dataset that another run is landing in."""
    return f"Another acflow run is landing in {where}. Waited {waited:g} s. Let it end there, then run again."


def too_long(seconds: float) -> str:
    """Return what to say of statements that were stopped."""
    return (
        f"Stopped after {seconds:g} s; what was there before is whole. Ask for less, or set ACFLOW_FLOW_SECONDS higher."
    )


def parted(url: str) -> SplitResult:
    """Return the parts of a URL.

    Raises:
        ConfigError: it has none; the message does not repeat it, since it may hold a password.

    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise ConfigError(
            "The URL of the warehouse cannot be read. "
            "Write special characters of a password as %XX: @ is %40, / is %2F."
        ) from None
    return parts


def shown(url: str) -> str:
    """Return a URL as it may be printed: without its password."""
    parts = parted(url)
    user, at, host = parts.netloc.rpartition("@")
    printed = url.replace(parts.netloc, f"{user.partition(':')[0]}{at}{host}", 1) if at else url
    return SECRET_PARAMETER.sub(rf"\1{HIDDEN}", printed)


def without_secrets(text: str, url: str) -> str:
    """Return a text in which the URL and its password, however spelled, are hidden."""
    password = parted(url).password or ""
    for secret in sorted({url, password, unquote(password)} - {""}, key=len, reverse=True):
        text = text.replace(secret, shown(url) if secret == url else HIDDEN)
    return SECRET_PARAMETER.sub(rf"\1{HIDDEN}", text)
