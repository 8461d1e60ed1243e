"""People who log in to the pages where others can reach them: names, roles, and passwords as scrypt hashes."""

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from acflow.errors import ConfigError

FILE, AUDIT = "people.json", "audit.jsonl"
ROLES = ("view", "edit")
SHORTEST = 12  # characters of a password
COST = {"n": 2**14, "r": 8, "p": 5}  # about 0.2 s and 16 MB, as OWASP asks of scrypt


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may log in. `view` may look, `edit` may also change and run."""

    name: str
    role: str
    salt: str
    digest: str


def list_people(state: Path) -> list[Person]:
    """Return everybody who may log in; nobody if the pages are for this machine alone."""
    try:
        return [Person(**each) for each in json.loads((state / FILE).read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"{state / FILE} could not be read: {error}. Remove it and add people anew.") from None


def set_person(state: Path, name: str, password: str, role: str) -> None:
    """Add somebody, or give them another password and role.

    Raises:
        ConfigError: the password is short, or there is no such role.

    """
    if len(password) < SHORTEST:
        raise ConfigError(f"The password has fewer than {SHORTEST} characters. Take a longer one.")
    if role not in ROLES:
        raise ConfigError(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.")
    salt = secrets.token_hex(16)
    person = Person(name, role, salt, _digest(password, salt))
    _write(state, [*(other for other in list_people(state) if other.name != name), person])


def remove_person(state: Path, name: str) -> bool:
    """Take somebody away; return whether they were there."""
    people = list_people(state)
    _write(state, [person for person in people if person.name != name])
    return any(person.name == name for person in people)


def person_of(state: Path, name: str, password: str) -> Person | None:
    """Return who logs in so. A name that is not known takes as long as a wrong password."""
    found = next((person for person in list_people(state) if person.name == name), None)
    digest = _digest(password, found.salt if found else "00" * 16)
    return found if found and hmac.compare_digest(found.digest, digest) else None


def note(state: Path, who: str, what: str) -> None:
    """Write a line into the audit log: who did what, and when. It never holds what a form said."""
    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "who": who, "what": what})
    with (state / AUDIT).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def _digest(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), maxmem=64 * 2**20, **COST).hex()


def _write(state: Path, people: list[Person]) -> None:
    from acflow.app.files import write_whole

    state.mkdir(parents=True, exist_ok=True)
    write_whole(state / FILE, json.dumps([asdict(person) for person in people], indent=1), mode=0o600)
