"""What is written down for good: no secret in any spelling, no value of the data in a reason."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from acflow.app.ledger import Ledger
from acflow.engine.redaction import redactor, without_values

KEY = "0a1B+c/d2e3f4="
SPELLINGS = (
    KEY,
    KEY.upper(),
    KEY.lower(),
    quote(KEY, safe=""),
    quote(KEY, safe="").lower(),
    "".join(f"%{byte:02x}" for byte in KEY.encode()),
    "".join(f"\\u{ord(letter):04X}" for letter in KEY),
    "".join(f"\\x{ord(letter):02x}" for letter in KEY),
    "".join(f"&#{ord(letter)};" for letter in KEY),
    "".join(f"&#x{ord(letter):X};" for letter in KEY),
    KEY.replace("/", "\\u002f"),
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_ledger_keeps_no_spelling_of_a_secret(tmp_path: Path, spelling: str) -> None:
    """A hostile server may answer with the key in any form; it is nowhere in the file."""
    ledger = Ledger.at(tmp_path, redactor([KEY]))
    run = ledger.start("https://x.example")
    result = {
        "name": "a",
        "status": "failed",
        "error": f"it said {spelling}.",
        "rows": 3,
        "deliveries": [{"to": spelling}],
    }
    ledger.keep_flows(run, [result])
    ledger.end(run, "failed", f"it said {spelling}.")
    ledger.close()
    kept = (tmp_path / "ledger.sqlite").read_bytes()
    assert spelling.encode() not in kept
    assert json.dumps(spelling)[1:-1].encode() not in kept
    assert kept.count(b"it said ***.") == 2


@pytest.mark.parametrize(
    "said",
    [
        "Conversion Error: Could not convert string 'jo@x.com' to INT32\n\nLINE 1: select cast('jo@x.com' as int)",
        'invalid input syntax for type integer: "jo@x.com"',
        "duplicate key value violates a constraint. Key (email)=(jo@x.com) already exists.",
        "Failing row contains (7, jo@x.com, null).",
        'Constraint Error: Duplicate key "email: jo@x.com" violates primary key constraint',
        'page 3 is cut off: {"id": "7", "email": "jo@x.com"}, after 4 attempts',
        "jo@x.com is no number.",
        "Could not convert string 'it''s jo@x.com' to BOOL",
    ],
)
def test_reasons_hold_no_values(tmp_path: Path, said: str) -> None:
    """Whoever is erased is not in what went wrong."""
    assert "jo@x" not in without_values(said)
    ledger = Ledger.at(tmp_path)
    run = ledger.start("https://x.example")
    ledger.keep_flows(run, [{"name": "a", "status": "failed", "deliveries": [{"error": said}], "error": said}])
    ledger.end(run, "failed", said)
    ledger.close()
    assert b"jo@x" not in (tmp_path / "ledger.sqlite").read_bytes()


def test_what_to_do_is_kept() -> None:
    """Names in backticks, counts and the next step stay."""
    said = (
        "`people` cannot be merged: its key email comes more than once. Nothing was changed. Add a column to the key."
    )
    assert without_values(said) == said
