"""The published schema is that of the code, and takes what the loader takes."""

from pathlib import Path

from acflow.flows.schema import flow_schema, schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "flow.schema.json"


def test_the_published_schema_is_that_of_the_code() -> None:
    """Written anew by `make docs`."""
    assert PUBLISHED.read_text() == schema_text()


def test_every_key_says_what_it_is_for() -> None:
    """An editor shows these sentences while one types."""
    flow = flow_schema()["$defs"]["Flow"]["properties"]
    assert {name for name, part in flow.items() if "description" not in part} == set()
    assert flow["entity"]["anyOf"][0]["enum"].count("campaigns") == 1
