"""Start tap-activecampaign against a loopback address, its code on disk untouched.

Two of its habits cannot hold here and are replaced in this process only: it refuses every address that is not public
https, and it checks the key at `/api/3/`, for which `/api/3/users/me` stands in. With `BENCH_UNPACED` its own limiter
of five calls a second is lifted too, so that a million rows need not take half an hour.
"""

import importlib
import os
from typing import Any


def main() -> None:
    """Replace what cannot hold on loopback, then run the tap's own entry point."""
    if os.environ.get("BENCH_UNPACED"):
        utils: Any = importlib.import_module("singer.utils")
        utils.ratelimit = lambda _limit, _every: lambda function: function
    client: Any = importlib.import_module("tap_activecampaign.client")
    client.is_api_url_valid = lambda _url: True
    tap: Any = importlib.import_module("tap_activecampaign")
    check = tap.ActiveCampaignClient.check_api_token

    def check_by_probe(self: Any) -> Any:  # noqa: ANN401 - the tap is untyped
        base, self.base_url = self.base_url, self.base_url + "users/me"
        try:
            return check(self)
        finally:
            self.base_url = base

    tap.ActiveCampaignClient.check_api_token = check_by_probe
    tap.main()


if __name__ == "__main__":
    main()
