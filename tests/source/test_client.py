"""The client against a server that is no ActiveCampaign: it echoes, and it asks for absurd pauses."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from acflow.errors import AcflowError, ApiError, ConfigError, RetryableError
from acflow.source.client import Client
from acflow.source.protocol import Request, read_json

KEY = "a-key-that-must-stay-hidden-5f2"
Answers = Callable[[BaseHTTPRequestHandler], tuple[int, dict[str, str], object]]


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """Serve these answers on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, said = answers(self)
            body = json.dumps(said).encode()
            self.send_response_only(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_key_that_is_echoed_reaches_neither_the_error_nor_who_watches_the_retries() -> None:
    """Each retry is shown while it happens, so the key must be gone before."""
    told: list[str] = []

    def watch(error: RetryableError) -> None:
        told.append(str(error))

    def echo(asked: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], object]:
        return 500, {}, {"message": f"cannot serve {asked.headers['Api-Token']}"}

    with serving(echo) as url, Client(url, KEY, pace=0) as client, pytest.raises(AcflowError) as caught:
        client.fetch(Request("contacts"), read_json, patience=0.5, on_retry=watch)
    assert len(told) > 1
    assert all("cannot serve ***" in text and KEY not in text for text in [*told, str(caught.value)])


def test_a_session_that_the_account_opens_is_not_taken_up() -> None:
    """Its cookie comes with every answer and goes back with no request."""
    sent: list[str | None] = []

    def answers(asked: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], object]:
        sent.append(asked.headers["Cookie"])
        return 200, {"Set-Cookie": "PHPSESSID=one; path=/"}, {"contacts": []}

    with serving(answers) as url, Client(url, KEY, pace=0) as client:
        for _ in range(2):
            client.fetch(Request("contacts"), read_json)
    assert sent == [None, None]


@pytest.mark.parametrize("pause", ["100000", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_pause_beyond_all_patience_ends_the_request_and_tells_the_time(pause: str) -> None:
    """Nobody waits for a day; the message says when to come back."""
    with (
        serving(lambda _: (429, {"Retry-After": pause}, {})) as url,
        Client(url, KEY, pace=0) as client,
        pytest.raises(ApiError, match=r"until .* UTC\. Run again then"),
    ):
        client.fetch(Request("contacts"), read_json)


def test_a_pause_without_end_is_no_pause() -> None:
    """What is no number of seconds counts as not said."""
    answers: Iterator[tuple[int, dict[str, str], object]] = iter(
        [(429, {"Retry-After": "inf"}, {}), (200, {}, {"contacts": []})]
    )
    with serving(lambda _: next(answers)) as url, Client(url, KEY, pace=0) as client:
        assert client.fetch(Request("contacts"), read_json) == {"contacts": []}


@pytest.mark.parametrize("key", ["a\rb", "a b", "schlüssel", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_refused_without_repeating_it(key: str) -> None:
    """An error of the HTTP library would quote it."""
    with pytest.raises(ConfigError, match="Copy it again") as caught:
        Client("http://127.0.0.1:9", key)
    assert key not in str(caught.value)


def test_the_account_s_clock_is_that_of_its_answers() -> None:
    """An account may live at another time than this machine."""
    answer = {"Date": "Fri, 30 Oct 2026 17:00:10 GMT"}
    with serving(lambda _: (200, answer, {"user": {}})) as url, Client(url, KEY, pace=0) as client:
        before = client.now()
        client.probe()
        assert abs(client.now() - datetime(2026, 10, 30, 17, 0, 10, tzinfo=UTC)) < timedelta(seconds=5)
    assert abs(before - datetime.now(UTC)) < timedelta(seconds=5)
