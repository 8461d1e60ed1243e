"""Serve many accounts in one process of its own, so that what reads them does not pay for it.

Prints the addresses and the key as one line of JSON once all listen; for each line that comes in, it prints what each
account has seen since the last one: requests, refusals, and the seconds from the first request to the last.
"""

import json
import sys
from contextlib import ExitStack

from activecampaign_sandbox import KEY, Behaviour, Running, make_world, running


def seen(account: Running, since: int) -> dict[str, float]:
    """Return what an account has seen of a run."""
    records = account.requests[since:]
    seconds = records[-1].time - records[0].time if records else 0.0
    refused = sum(record.status == 429 for record in records)  # noqa: PLR2004 - too many requests
    return {"requests": len(records), "refused": refused, "seconds": seconds}


def main(accounts: int, contacts: int) -> None:
    """Serve accounts of so many contacts each, with the limit and the latency of the real API."""
    behaviour = Behaviour(latency=0.2, rate=5)
    with ExitStack() as stack:
        served = [
            stack.enter_context(running(make_world("small", seed=seed, contacts=contacts), behaviour))
            for seed in range(1, accounts + 1)
        ]
        print(json.dumps({"urls": [account.url for account in served], "key": KEY}), flush=True)
        since = [0] * accounts
        for _ in sys.stdin:
            found = [seen(account, start) for account, start in zip(served, since, strict=True)]
            since = [len(account.requests) for account in served]
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
