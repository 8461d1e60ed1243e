"""Serve one account of the bench until stopped, in a process of its own, so that no tool pays for it.

Prints one line of JSON, address, key and, if they are going to move, ids, once it listens.
"""

import json
import sys

from activecampaign_sandbox import KEY, Behaviour, make_world, serve


def main(wanted: str) -> None:
    """Make the account that was asked for: so many rows of one entity, a delay, a limit."""
    given = json.loads(wanted)
    sizes = dict.fromkeys(("contacts", "deals"), 0) | {given["entity"]: given["rows"]}
    world = make_world("large", **sizes)
    ids = [int(row["id"]) for row in world.rows(given["entity"])] if given["moving"] else []
    serve(
        world,
        port=0,
        behaviour=Behaviour(latency=given["latency"], rate=given["rate"]),
        ready=lambda url: print(json.dumps({"url": url, "key": KEY, "ids": ids}), flush=True),
    )


if __name__ == "__main__":
    main(sys.argv[1])
