"""Start tap-activecampaign against a loopback address, its code on disk untouched.

Two of its habits cannot hold here and are replaced in this process only: it refuses every address that is not public
https, and it checks the key at `/api/3/`, for which `/api/3/users/me` stands in. With `BENCH_UNPACED` its own limiter
of five calls a second is lifted too, so that a million rows need not take half an hour.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

EVERYTHING: list[str] = []  # the breadcrumb of a stream itself, not of one of its fields


def lift_limits() -> None:
    """Replace what cannot hold on loopback."""
    if os.environ.get("BENCH_UNPACED"):
        utils: Any = importlib.import_module("singer.utils")
        utils.ratelimit = lambda _limit, _every: lambda function: function
    client: Any = importlib.import_module("tap_activecampaign.client")
    client.is_api_url_valid = lambda _url: True
    check = client.ActiveCampaignClient.check_api_token

    def check_by_probe(self: Any) -> Any:  # noqa: ANN401 - the tap is untyped
        base, self.base_url = self.base_url, self.base_url + "users/me"
        try:
            return check(self)
        finally:
            self.base_url = base

    client.ActiveCampaignClient.check_api_token = check_by_probe


def write_catalog(file: Path, entity: str) -> None:
    """Select one stream of those that the tap discovers, all fields."""
    discover: Any = importlib.import_module("tap_activecampaign.discover")
    catalog = discover.discover().to_dict()
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if list(entry["breadcrumb"]) == EVERYTHING:
                entry["metadata"]["selected"] = stream["stream"] == entity
    file.write_text(json.dumps(catalog))


def main(config: str, entity: str) -> None:
    """Run the tap's own entry point, as its command would."""
    lift_limits()
    catalog = Path("catalog.json")
    write_catalog(catalog, entity)
    sys.argv = ["tap-activecampaign", "--config", config, "--catalog", str(catalog)]
    importlib.import_module("tap_activecampaign").main()


if __name__ == "__main__":
    main(*sys.argv[1:])
