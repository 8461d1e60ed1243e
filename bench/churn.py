"""A clean-up in the middle of a read: contacts are deleted, and now and then one is added."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

INTERVAL = 0.25  # seconds from one deletion to the next
DELETIONS_PER_INSERT = 4


@contextmanager
def churn(url: str, entity: str, ids: list[int]) -> Iterator[list[int]]:
    """Change the account until the block ends; yields the ids deleted so far, the same order in every run."""
    order = Random(1).sample(ids, len(ids))  # noqa: S311 - repeatable on purpose
    deleted: list[int] = []
    ended = threading.Event()

    def change() -> None:
        for number, identity in enumerate(order, 1):
            if ended.wait(INTERVAL):
                return
            deleted.append(identity)
            _mutate(url, {"do": "delete", "entity": entity, "id": identity})
            if number % DELETIONS_PER_INSERT == 0:
                _mutate(url, {"do": "insert", "entity": entity})

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield deleted
    finally:
        ended.set()
        thread.join()


def _mutate(url: str, what: dict[str, object]) -> None:
    request = urllib.request.Request(f"{url}/_sandbox/mutate", json.dumps(what).encode(), method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        answer.read()
