"""What a destination is not told: hashed, masked or dropped before anything is written."""

import csv
import hashlib
import hmac
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from pydantic import SecretStr

from acflow.destinations import DESTINATIONS, Delivery, deliver, parse_target, sheets
from acflow.destinations.model import Target
from acflow.destinations.privacy import hashed, masked, privacy_key, private
from acflow.errors import ConfigError
from tests.destinations.deliver_harness import Reader, source
from tests.destinations.google_harness import ID, key_file, running_google

KEY = b"a key that nobody out there knows"
PEOPLE = pa.table(
    {
        "id": pa.array([1, 2, 3], pa.int64()),
        "email": ["ann.smith@mail.example.com", "bo@example.org", None],
        "firstName": ["Ann Marie", "", None],
        "phone": ["+49 170 1234567", "123", None],
        "score": pa.array([7, 7, None], pa.int64()),
    }
)
PRIVACY = {"email": "hash", "firstName": "mask", "phone": "drop", "score": "hash"}
SECRETS = (b"ann.smith", b"smith@", b"Marie", b"1234567", b"bo@example.org")
"""What must not be found in anything that was written."""


def digest(text: str) -> str:
    """Return what the documentation says a hash is."""
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()


EXPECTED: list[dict[str, Any]] = [
    {"id": 1, "email": digest("ann.smith@mail.example.com"), "firstName": "A*** M***", "score": digest("7")},
    {"id": 2, "email": digest("bo@example.org"), "firstName": "", "score": digest("7")},
    {"id": 3, "email": None, "firstName": None, "score": None},
]


def in_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [{**row, "id": int(row["id"])} for row in csv.DictReader(file)]


def in_excel(path: Path) -> list[dict[str, Any]]:
    names, *rows = load_workbook(path)["people"].iter_rows(values_only=True)
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


FILES: Mapping[str, Callable[[Path], list[dict[str, Any]]]] = {
    "csv": in_csv,
    "xlsx": in_excel,
    "parquet": lambda path: pq.read_table(path).to_pylist(),
    "jsonl": lambda path: [orjson.loads(line) for line in path.read_bytes().splitlines()],
}


def in_google(folder: Path) -> list[dict[str, Any]]:
    """Deliver to a spreadsheet; the address of its server is not the flow file's to say."""
    with running_google() as google:
        where = {"to": f"gsheets://{ID}", "credentials": str(key_file(folder, google.url))}
        sheets.write([private(Delivery(source(PEOPLE, "people"), target(**where)))], api=google.url)
        names, *rows = google.sheet("people").format_values
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def written(kind: str, folder: Path) -> list[dict[str, Any]]:
    """Deliver the people to a destination of a kind, and return what somebody else reads there."""
    if kind == "sheets":
        return in_google(folder)
    if kind in FILES:
        path = folder / f"people.{kind}"
        deliver(source(PEOPLE, "people"), target(to=str(path)))
        return FILES[kind](path)
    reader = Reader(kind, folder)
    deliver(source(PEOPLE, "people"), target(to=reader.url))
    rows = reader.do('SELECT "id", "email", "firstName", "score" FROM people ORDER BY id')
    return [dict(zip(("id", "email", "firstName", "score"), row, strict=True)) for row in rows]


def target(**spec: Any) -> Target:  # noqa: ANN401 - as in the flow file
    """Return a destination that is told as little as it needs."""
    return replace(parse_target({"privacy": PRIVACY, **spec}, name="people"), privacy_key=KEY)


@pytest.mark.parametrize("kind", DESTINATIONS, ids=lambda kind: kind.name)
def test_no_kind_of_destination_is_told_more(tmp_path: Path, kind: Any) -> None:  # noqa: ANN401 - as above
    """The same treated rows everywhere, and no byte of what was to be hidden in any file."""
    rows = written(kind.name, tmp_path)
    given = [{name: value or None for name, value in row.items()} for row in rows]  # CSV and sheets: empty is null
    assert given == [{name: value or None for name, value in row.items()} for row in EXPECTED]
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or not [word for word in SECRETS if word in path.read_bytes()]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann.smith@mail.example.com", "a***@m***.com"),
        ("  bo@localhost ", "b***@l***"),
        ("Ann-Marie O'Neil", "A***-M*** O***'N***"),
        ("Žofie 7b", "Ž*** ***"),
        ("+49 (170) 1234567", "+*** (***) ***"),
        ("李小龙", "李***"),
        ("J", "J***"),
        ("ann@home, bo@work", "a***@h***, b***@w***"),
        ("", ""),
        (None, None),
    ],
)
def test_a_mask_keeps_the_shape_and_hides_the_length(text: str | None, shown: str | None) -> None:
    """The first letter of each word is all that is told; digits are told of nothing."""
    assert masked(pa.array([text], pa.string())).to_pylist() == [shown]


def test_hashes_can_be_joined_and_not_guessed() -> None:
    """Equal values have equal hashes with one key and others with another; without a key there is none."""
    text = pa.array(["a@example.com", "b@example.com", "a@example.com", None])
    one, two, again, nothing = hashed(text, KEY).to_pylist()
    assert one == again == digest("a@example.com") != two
    assert nothing is None
    assert hashed(text, b"another key")[0].as_py() != one
    with pytest.raises(ValueError, match="without a key"):
        hashed(text, b"")


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    """Hashes of one day fit those of the next; nobody else may read the key; one that is set comes first."""
    made = privacy_key(tmp_path, SecretStr(""))
    assert privacy_key(tmp_path, SecretStr("")) == made
    assert len(made) == 64
    assert stat.S_IMODE((tmp_path / "privacy.key").stat().st_mode) == 0o600
    assert privacy_key(tmp_path, SecretStr("0123456789abcdef")) == b"0123456789abcdef"
    with pytest.raises(ConfigError, match="fewer than 16"):
        privacy_key(tmp_path, SecretStr("short"))
    (tmp_path / "privacy.key").write_text("")
    with pytest.raises(ConfigError, match="it is empty"):
        privacy_key(tmp_path, SecretStr(""))


@pytest.mark.parametrize(
    ("privacy", "said"),
    [({"emial": "drop"}, r"no column emial to drop. Did you mean email\?"), ({"score": "mask"}, "no text to mask")],
)
def test_what_cannot_be_treated_is_not_written(tmp_path: Path, privacy: dict[str, str], said: str) -> None:
    """A column that is missing may stand there under another name, untreated."""
    path = tmp_path / "people.csv"
    with pytest.raises(ConfigError, match=said):
        deliver(source(PEOPLE, "people"), target(to=str(path), privacy=privacy))
    assert not path.exists()
