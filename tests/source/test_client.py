"""The client against a server that is no ActiveCampaign: it echoes, and it asks for absurd pauses."""

import gzip
import json
import resource
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from acflow.errors import (
    AcflowError,
    ApiError,
    BrokenAnswerError,
    ConfigError,
    ConnectionFailedError,
    RetryableError,
)
from acflow.source.client import Client
from acflow.source.protocol import Answer, Request, read_json

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


def clock_after(date: str, **headers: str) -> timedelta:
    """Return how far a client's clock is ahead of this machine's after an answer with these headers."""
    answer = {"Date": date, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with serving(lambda _: (200, answer, {"user": {}})) as url, Client(url, KEY, pace=0) as client:
        client.probe()
        return client.now() - datetime.now(UTC)


SOON = timedelta(seconds=5)


@pytest.mark.parametrize("ahead", [timedelta(hours=-20), timedelta(minutes=-7), timedelta(hours=9)])
def test_the_account_s_clock_is_that_of_its_answers(ahead: timedelta) -> None:
    """It may be off by hours; it is the account that dates what changes."""
    assert abs(clock_after(format_datetime(datetime.now(UTC) + ahead, usegmt=True)) - ahead) < SOON


@pytest.mark.parametrize("date", ["Fri, 31 Dec 2099 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_clock_far_ahead_of_ours_is_not_believed(date: str) -> None:
    """A cursor by such a clock would pass over all that changes until then."""
    assert abs(clock_after(date)) < SOON


def test_a_clock_far_behind_ours_counts_as_ours_may_be_the_wrong_one() -> None:
    """To read again what has been read is the lesser evil; one that was never set is no clock at all."""
    ahead = timedelta(days=-10)
    assert abs(clock_after(format_datetime(datetime.now(UTC) + ahead, usegmt=True)) - ahead) < SOON
    assert abs(clock_after("Thu, 01 Jan 1970 00:00:00 GMT")) < SOON


def test_two_clocks_that_contradict_each_other_are_told() -> None:
    """Somebody has to set one of them."""
    with (
        serving(lambda _: (200, {"Date": "Fri, 31 Dec 2099 00:00:00 GMT"}, {"user": {}})) as url,
        Client(url, KEY, pace=0) as client,
    ):
        client.probe()
        assert "2099-12-31" in (client.clock_doubt or "")


def test_a_sandbox_lives_at_the_time_that_it_says() -> None:
    """Only on this machine, and only where it says that its clock is imitated."""
    ahead = timedelta(days=400)
    date = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    assert abs(clock_after(date, X_Simulated_Clock="1") - ahead) < SOON


@contextmanager
def raw_server(*pieces: bytes, pause: float = 0.0, endless: bytes = b"") -> Iterator[str]:
    """Serve bytes to whoever asks, one piece after the other, then the last ones for ever."""
    stop = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(65_536):
                for piece in pieces:
                    connection.sendall(piece)
                    stop.wait(pause)
                while endless and not stop.is_set():
                    connection.sendall(endless)
                    stop.wait(pause)

    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stop.set()
        server.shutdown(socket.SHUT_RDWR)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("pieces", "endless"),
    [
        ((HEAD, b"X-Long: "), b"a"),
        ((HEAD,), b"X-More: 1\r\n"),
        ((HEAD, b"Content-Length: 1000000\r\n\r\n", b'{"user":"'), b"a"),
        ((HEAD, b"Transfer-Encoding: chunked\r\n\r\n"), b"1\r\na\r\n"),
        ((), b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["one header", "headers", "body", "chunks", "hints"],
)
def test_an_answer_that_drips_ends_with_its_time(pieces: tuple[bytes, ...], endless: bytes) -> None:
    """The limit is that of the answer as a whole: each byte came in time."""
    with raw_server(*pieces, pause=0.05, endless=endless) as url, Client(url, KEY, pace=0, timeout=0.5) as client:
        started = time.monotonic()
        with pytest.raises(ConnectionFailedError, match=r"within 0\.5 s"):
            client.fetch(Request("contacts"), read_json, patience=0.0)
        assert time.monotonic() - started < 3


def test_headers_without_end_are_cut_off() -> None:
    """However fast they come."""
    flood = b"X-More: " + b"a" * 8_000 + b"\r\n"
    with (
        raw_server(HEAD, endless=flood) as url,
        Client(url, KEY, pace=0) as client,
        pytest.raises(ConnectionFailedError, match="broke"),
    ):
        client.fetch(Request("contacts"), read_json, patience=0.0)


def packed(body: bytes, encoding: str = "gzip") -> bytes:
    """Return an answer with a packed body."""
    return HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_a_packed_answer_is_unpacked() -> None:
    """As most servers send it where it is allowed."""
    with raw_server(packed(gzip.compress(b'{"user":{}}'))) as url, Client(url, KEY, pace=0) as client:
        assert client.probe() == {}


def test_a_small_answer_does_not_grow_without_bounds() -> None:
    """A megabyte of gzip may hold gigabytes; not more of it is unpacked than a page may weigh."""
    squeezed = zlib.compressobj(9, wbits=31)
    megabyte = b" " * 2**20
    bomb = b"".join(squeezed.compress(megabyte) for _ in range(600)) + squeezed.flush()
    with raw_server(packed(bomb)) as url, Client(url, KEY, pace=0) as client:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(ApiError, match="larger than"):
            client.fetch(Request("contacts"), read_json, patience=0.0)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 450 * 1024


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (packed(b"{}", "br"), "not asked for"),
        (packed(b"{}", "gzip, gzip"), "not asked for"),
        (packed(b"no gzip at all"), "cannot be unpacked"),
        (packed(gzip.compress(b'{"user":{}}')[:-9]), "stops in the middle"),
    ],
)
def test_an_answer_that_cannot_be_unpacked_is_broken(answer: bytes, said: str) -> None:
    """It is asked for again, and never taken for an empty page."""
    with raw_server(answer) as url, Client(url, KEY, pace=0) as client, pytest.raises(BrokenAnswerError, match=said):
        client.fetch(Request("contacts"), read_json, patience=0.0)


def test_what_is_broken_in_the_same_way_each_time_is_not_repeated_for_minutes() -> None:
    """A page of bytes that are no text will not become one; the error says what to do."""
    asked = iter(range(100))
    body = b'{"contacts":[{"id":"1","firstName":"Ren\xe9"}]}'
    answer = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def count(_: Request, __: Answer) -> dict[str, Any]:
        next(asked)
        return read_json(_, __)

    with (
        raw_server(answer) as url,
        Client(url, KEY, pace=0) as client,
        pytest.raises(ApiError, match="the same each time"),
    ):
        client.fetch(Request("contacts"), count, patience=60.0)
    assert next(asked) == 3
