"""Users: whose key it is, and who owns lists, campaigns and deals."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox.wire import Row, relations


def user(key: int, given: Mapping[str, Any]) -> Row:
    """Return a user as in 2026: with language and roles, without dates."""
    row: Row = {
        "username": f"user{key}",
        "firstName": "",
        "lastName": "",
        "email": f"user{key}@example.com",
        "phone": "",
        "signature": None,
        "lang": "english",
        "localZoneid": "America/Chicago",
        "roles": [],
        "links": relations(
            "users",
            key,
            ("lists", "userGroup", "dealGroupTotals", "dealGroupUsers", "configs", "dealConnection", "userConfig"),
        ),
        "id": str(key),
    }
    return {**row, **given}
