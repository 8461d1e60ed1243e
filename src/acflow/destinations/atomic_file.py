"""Files that are there whole or not at all.

What is written gets a name of its own beside the target and takes its place only when it is complete, so a reader, or
a kill at any moment, finds the old file or the new one.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from acflow.destinations.model import Target
from acflow.destinations.suggest import meant
from acflow.engine.trouble import FULL
from acflow.errors import AcflowError, ConfigError, DeliveryError, DiskFullError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

PART = ".part"
WORKING = "acflow-deliver-"
ABANDONED_AFTER = 24 * 3600  # seconds; nothing that is still being written is that old
WHOLE_UPLOADS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "memory"})


def remote_scheme(address: str) -> str | None:
    """Return the scheme of a URL; None for a path on this machine, with or without file:// before it."""
    scheme, slashes, _ = address.partition("://")
    return scheme.lower() if slashes and scheme.lower() not in {"file", "local"} else None


def local_path(target: Target) -> Path:
    """Return the file that a path or a file:// URL means; the file behind a link, not the link."""
    path = Path(unquote(urlsplit(target.to).path)) if "://" in target.to else Path(target.to).expanduser()
    return (target.folder / path).resolve()


def place_of(target: Target) -> str:
    """Return what two ways to write the same file have in common."""
    return target.to if remote_scheme(target.to) else str(local_path(target))


def check_file(target: Target, _name: str | None = None) -> None:
    """Refuse a file that could not be written.

    Raises:
        ConfigError: the message says what stands in the way.

    """
    scheme = remote_scheme(target.to)
    if scheme:
        _check_scheme(target, scheme)
        return
    path = local_path(target)
    if path.is_dir():
        raise ConfigError(f"{target.shown} is a folder. Write the name of a file behind it.")
    if path.exists() and not path.is_file():  # its place would be taken, and whoever reads from it be cut off
        raise ConfigError(f"{target.shown} is no regular file but a device, a pipe or a socket. Choose another place.")
    folder = next(parent for parent in path.parents if parent.exists())
    if not folder.is_dir():
        raise ConfigError(f"{target.shown} cannot be written: {folder} is a file, not a folder. Choose another place.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(f"{target.shown} cannot be written: no right to write in {folder}. Choose another place.")


def attempt_file(target: Target, name: str, patience: float) -> None:  # noqa: ARG001 - the system's own patience
    """Ask a store of files for the one that would be replaced; those of this machine were looked at before."""
    import fsspec

    if not remote_scheme(target.to):
        return
    try:
        system, path = fsspec.url_to_fs(target.to)
        system.info(path)
    except FileNotFoundError:
        return
    except Exception as error:
        raise DeliveryError(f"{target.shown} cannot be reached: {error}. Nothing was changed there.") from error


def _check_scheme(target: Target, scheme: str) -> None:
    import fsspec

    if scheme in {"http", "https"}:
        raise ConfigError(f"{target.shown}: a web address can be read and not written. Choose another place.")
    if scheme not in fsspec.available_protocols():
        near = meant(scheme, ("s3", "gs", "abfs", "sftp", "file"))
        raise ConfigError(f"{target.shown}: no file system goes by {scheme}://. {near}")
    try:
        fsspec.get_filesystem_class(scheme)
    except ImportError as error:
        raise ConfigError(f"{target.shown} needs a package that is not here. {error}") from None


@contextmanager
def whole_file(target: Target) -> Iterator[Path]:
    """Yield a path to write to; what stands there at the end of the block becomes the target.

    Raises:
        DiskFullError: no space left; the old file is whole.
        DeliveryError: the file cannot be written, or swapped in; the old file is whole.

    """
    try:
        with _whole_remote(target) if remote_scheme(target.to) else _whole_local(local_path(target)) as path:
            yield path
    except AcflowError:
        raise
    except OSError as error:
        raise file_trouble(error, target.shown) from None


def file_trouble(error: OSError, what: str) -> AcflowError:
    """Return our error for one of the file system."""
    said = error.strerror or str(error)
    if FULL.search(str(error)):
        return DiskFullError(f"No space left to write {what}. What was there before is whole. Free some, run again.")
    if isinstance(error, PermissionError):
        said += "; is it open in another program?"
    return DeliveryError(f"{what} could not be written: {said}. What was there before is whole.")


@contextmanager
def _whole_local(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path)
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}{PART}")
    try:
        yield part
        _fsync(part, like=path)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sweep(path: Path) -> None:
    """Remove what killed runs left beside the file."""
    for part in _abandoned(path.parent, f".{path.name}.*{PART}"):
        with suppress(OSError):
            part.unlink()


def _abandoned(folder: Path, pattern: str) -> Iterator[Path]:
    for path in folder.glob(pattern):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > ABANDONED_AFTER:
                yield path


@contextmanager
def working_folder(within: Path | None = None) -> Iterator[Path]:
    """Yield a folder that only we may read, for copies of rows; remove those that killed deliveries left.

    A run has its folders within the state folder and empties that when it begins; without one they lie in the system's
    own temporary folder, where other projects may be at work, so only what is old goes.
    """
    if within:
        within.mkdir(parents=True, exist_ok=True)
    for left in _abandoned(within or Path(tempfile.gettempdir()), f"{WORKING}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=WORKING, dir=within) as folder:
        yield Path(folder)


def _fsync(part: Path, like: Path) -> None:
    """Keep the rights of the file that is replaced, and have the bytes on the disk before the name points to them."""
    if like.exists():
        shutil.copymode(like, part)
    with part.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _whole_remote(target: Target) -> Iterator[Path]:
    import fsspec

    system, path = fsspec.url_to_fs(target.to)
    with working_folder(target.working) as folder:
        part = folder / "file"
        yield part
        try:
            upload(system, part, path, whole=remote_scheme(target.to) in WHOLE_UPLOADS)
        except Exception as error:
            raise DeliveryError(f"{target.shown} could not be written: {error}. Nothing was replaced.") from error


def upload(system: "AbstractFileSystem", part: Path, path: str, *, whole: bool) -> None:
    """Put the file there; where an upload shows before it is complete, under another name first."""
    if whole:
        system.put_file(str(part), path)
        return
    folder, slash, name = path.rpartition("/")
    system.makedirs(folder, exist_ok=True)
    beside = f"{folder}{slash}.{name}.{uuid4().hex[:8]}{PART}"
    try:
        system.put_file(str(part), beside)
        system.mv(beside, path)
    except BaseException:
        with suppress(Exception):
            system.rm_file(beside)
        raise
