"""Values of a warehouse as JSON, the same for the HTTP API and for assistants: instants in UTC, amounts as text."""

from typing import Any

import orjson


def to_json(content: object) -> bytes:
    """Return JSON; amounts are texts, as no reader's floating numbers can then change them."""
    return orjson.dumps(content, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def plain(content: object) -> Any:  # noqa: ANN401 - JSON
    """Return the same content with nothing in it that JSON does not have."""
    return orjson.loads(to_json(content))
