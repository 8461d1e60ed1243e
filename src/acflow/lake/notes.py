"""What the state folder remembers of the lake: the fingerprints of what was published last, by table."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

FOLDER = "lake"


@dataclass(frozen=True, slots=True)
class Note:
    """What a publish left of a table.

    `stamp` is in the table's log too, written by the same commit. Where the two differ, as after a kill between the
    commit and this note, or in another lake, the fingerprints prove nothing and everything is written.
    """

    stamp: int
    bits: int | None
    fingerprints: Mapping[int, str]
    swept: bool = False  # whether no file of an older version is left to remove


class Notes:
    """The notes of one lake, each in a file of its own."""

    def __init__(self, state: Path, url: str) -> None:
        self._folder = state / FOLDER / sha256(url.encode()).hexdigest()[:16]

    def get(self, name: str) -> Note | None:
        """Return the note of a table; None if there is none that can be read."""
        try:
            kept = json.loads(self._path(name).read_text(encoding="utf-8"))
            prints = {int(part): text for part, text in kept["fingerprints"].items()}
            return Note(int(kept["stamp"]), kept["bits"], prints, bool(kept["swept"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, name: str, note: Note) -> None:
        """Note it, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._path(name).with_suffix(".part")
        beside.write_text(json.dumps(asdict(note)), encoding="utf-8")
        beside.replace(self._path(name))

    def forget(self, name: str) -> None:
        """Let the next publish write the whole table."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{sha256(name.encode()).hexdigest()[:24]}.json"
