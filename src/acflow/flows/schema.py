"""The JSON Schema of `acflow.yaml`, for editors that complete and check while one types."""

import json
from collections.abc import Iterable
from typing import Any

from acflow.flows.catalog import entity_schemas
from acflow.flows.spec import FLOW_NAME, FlowFile

ID = "https://json-schema.org/draft/2020-12/schema"


def flow_schema(entities: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the schema; the entities that may be named are those that acflow reads."""
    schema = FlowFile.model_json_schema(by_alias=True)
    flow = schema["$defs"]["Flow"]
    flow["properties"]["entity"]["anyOf"][0]["enum"] = list(entity_schemas() if entities is None else entities)
    schema["properties"]["flows"]["propertyNames"] = {"pattern": f"^{FLOW_NAME.pattern}$"}
    schema["patternProperties"] = {"^x-": {}}
    return {"$schema": ID, **schema}


def schema_text() -> str:
    """Return the schema as it is published in `docs/flow.schema.json`."""
    return json.dumps(flow_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")  # noqa: T201 - for `make docs`
