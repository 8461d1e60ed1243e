"""Files of a project that people edit too: changed as a whole or not at all, other lines left alone."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from acflow.errors import ConfigError

FOR_OWNER_ALONE = 0o600
UNQUOTED = re.compile(r"[\w.:/@%+,=~-]+", re.ASCII)


def write_whole(path: Path, text: str, *, mode: int) -> None:
    """Write a file beside its place and move it there: whoever looks sees the old text or the new one.

    Nobody but the owner can read it before it is finished, and it ends with exactly this mode.
    """
    target = path.resolve()
    try:
        handle, sideloaded = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(handle)
                os.fchmod(handle, mode)
            Path(sideloaded).replace(target)
        except BaseException:
            Path(sideloaded).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None  # the name that people know


def keep_in_env(path: Path, values: Mapping[str, str]) -> None:
    """Set variables in a `.env` file."""
    lines = _lines(path)
    for name, value in values.items():
        line = f"{name}={_quoted(value)}"
        places = [n for n, old in enumerate(lines) if re.match(rf"\s*(export\s+)?{name}\s*=", old)]
        if places:
            lines[places[0]] = line
            lines = [old for n, old in enumerate(lines) if n not in places[1:]]
        else:
            lines.append(line)
    write_whole(path, "\n".join(lines) + "\n", mode=FOR_OWNER_ALONE)


def drop_from_env(path: Path, name: str) -> None:
    """Take a variable out of a `.env` file."""
    lines = _lines(path)
    kept = [line for line in lines if not re.match(rf"\s*(export\s+)?{name}\s*=", line)]
    if len(kept) < len(lines):
        write_whole(path, "".join(f"{line}\n" for line in kept), mode=FOR_OWNER_ALONE)


def ignore_in_git(folder: Path, patterns: Sequence[str]) -> bool:
    """Add what is missing to the folder's .gitignore, if it is part of a checkout; return whether it is one."""
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return False
    path = folder / ".gitignore"
    lines = _lines(path)
    missing = [pattern for pattern in patterns if pattern not in {line.strip() for line in lines}]
    if missing:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        write_whole(path, "\n".join([*lines, *missing]) + "\n", mode=mode)
    return True


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} could not be read, so it was left alone: {error}.") from None


def _quoted(value: str) -> str:
    """Return a value so that it is read back as it was."""
    if UNQUOTED.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
