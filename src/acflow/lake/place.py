"""Where the lake is: a folder or a bucket with one Delta table per table of the warehouse."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from acflow.errors import ConfigError, DeliveryError

if TYPE_CHECKING:
    from deltalake import DeltaTable

SCHEMES = ("s3", "s3a", "gs", "az", "abfs", "abfss")
UNREADABLE = frozenset({"deletionVectors", "columnMapping"})  # rows and names that are not as the files have them
INSTALL = "pip install 'acflow[lake]'"


@dataclass(frozen=True, slots=True)
class Lake:
    """A folder or a URL. Credentials of a bucket come from the environment: AWS_*, GOOGLE_*, AZURE_*."""

    url: str

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return "://" not in self.url

    def address(self, name: str) -> str:
        """Return where a table is."""
        return f"{self.url.rstrip('/')}/{name}"

    @property
    def options(self) -> dict[str, str]:
        """What the store must know that its environment does not say: an endpoint without TLS is allowed by its URL."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
        if self.is_local or not endpoint:
            return {}
        return {"aws_endpoint": endpoint} | ({"allow_http": "true"} if endpoint.startswith("http://") else {})

    def open(self, name: str) -> "DeltaTable | None":
        """Return a table as it is now, None if there is none.

        Raises:
            DeliveryError: somebody has given it features by which its files alone do not say what it holds.

        """
        from deltalake import DeltaTable

        address = self.address(name)
        if not DeltaTable.is_deltatable(address, self.options):
            return None
        table = DeltaTable(address, storage_options=self.options)
        used = UNREADABLE & {*(table.protocol().reader_features or ()), *(table.protocol().writer_features or ())}
        if used:
            raise DeliveryError(
                f"{address} has {' and '.join(sorted(used))}, which acflow does not write. "
                "Remove the table, or turn that off there; the next run publishes it."
            )
        return table

    def files(self, name: str = "") -> Any:  # noqa: ANN401 - a filesystem of pyarrow, which has no types
        """Return the file system below a table, or below the lake itself."""
        import pyarrow.fs
        from deltalake.fs import DeltaStorageHandler

        if self.is_local:
            Path(self.address(name)).mkdir(parents=True, exist_ok=True)
        return pyarrow.fs.PyFileSystem(DeltaStorageHandler(self.address(name), self.options))

    def names(self) -> list[str]:
        """Return the names of the tables that are here."""
        import pyarrow.fs

        if self.is_local and not Path(self.url).is_dir():
            return []
        folders = self.files().get_file_info(pyarrow.fs.FileSelector("", allow_not_found=True))
        names = [info.base_name for info in folders if info.type == pyarrow.fs.FileType.Directory]
        return sorted(name for name in names if not name.startswith((".", "_")) and self.open(name) is not None)

    def sweep(self, name: str, account: str, keep: timedelta) -> bool:
        """Remove the account's files that no row is in any more, once older than `keep`; whether none is left to wait.

        Nobody else writes below the account's folder, and the caller holds the account's lock.
        """
        import pyarrow.fs

        table = self.open(name)
        if table is None:
            return True
        from acflow.lake.delta import now_ms, paths_of

        current, files = set(paths_of(table)), self.files(name)
        selector = pyarrow.fs.FileSelector(folder_of(account), allow_not_found=True, recursive=True)
        stale = [
            info
            for info in files.get_file_info(selector)
            if info.type == pyarrow.fs.FileType.File and info.path not in current
        ]
        limit = now_ms() - keep.total_seconds() * 1000
        due = [info for info in stale if not keep or info.mtime_ns / 1e6 <= limit]
        for info in due:
            files.delete_file(info.path)
        return len(due) == len(stale)


def folder_of(account: str) -> str:
    """Return the folder within a table that only this account's project writes to."""
    return f"_account={account}"


def lake_in(folder: Path, url: str) -> str:
    """Return the place of a lake, which is looked for in a folder if its path is relative."""
    return url if not url or "://" in url or folder == Path() else str(folder / url)


def check_lake(url: str) -> str | None:
    """Return what is wrong with the place of a lake, None if nothing is."""
    try:
        parts = urlsplit(url)
        login = parts.username
    except ValueError:
        return "no URL can be read out of it"
    if "://" not in url:
        return None
    if parts.scheme not in SCHEMES:
        return f"acflow writes no lake to {parts.scheme}://"
    if login and parts.scheme not in {"abfs", "abfss"}:
        return "it names a user; credentials come from the environment"
    return None if parts.netloc else "it names no bucket"


@contextmanager
def translated(lake: Lake) -> Iterator[None]:
    """Turn errors of the store and of Delta into ours.

    Raises:
        ConfigError: the library is not installed.
        DeliveryError: something could not be read or written.

    """
    try:
        import deltalake.exceptions
        import pyarrow as pa
    except ImportError:
        raise ConfigError(f"The lake needs a library that is not installed. Install it: {INSTALL}") from None
    try:
        yield
    except (deltalake.exceptions.DeltaError, OSError, pa.ArrowException) as error:
        said = " ".join(str(error).split())
        raise DeliveryError(
            f"The lake at {lake.url} could not be written: {said[:500]}. What was published before stays as it was. "
            "Mend it; the next run publishes what this one could not."
        ) from None
