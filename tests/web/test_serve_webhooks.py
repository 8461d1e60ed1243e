"""Webhooks out, to a receiver that really listens: what is repeated, what is not, what is signed."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from acflow.app.notices import of_error, of_stale
from acflow.app.outgoing import NotTakenError, Outgoing, RefusedMessageError, Sender, send
from acflow.app.receivers import notices
from acflow.app.webhooks import Post, old_signature, signature
from acflow.flows.receivers import Notice
from acflow.flows.spec import FlowFile
from tests.web.serve_harness import receiving

SECRET = SecretStr("s3cr3t-and-long-enough")


def post_to(url: str, secret: SecretStr | None = None) -> Outgoing:
    """Return one notice on its way."""
    file = FlowFile(notify=[Notice(url=f"{url}/T0K3N", on=["stale"], secret=secret)])
    (post,) = notices(file, Path(), [of_stale(["deals"])])
    return post


def test_a_signature_can_be_computed_with_any_tool() -> None:
    """The figure is that of `printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_0123456789ab`."""
    digest = "8d1a15f94e2433db6c226f20e50b0bff74ae546b5f0974785343199bf227bab6"
    assert old_signature("whsec_0123456789ab", 1_700_000_000, b"{}") == f"t=1700000000,v1={digest}"


def test_a_signature_is_that_of_standard_webhooks() -> None:
    """The known answer that libraries of that specification are tested with."""
    secret, message = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    signed = signature(secret, message, 1_614_265_330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature("whsec_no base64", message, 1, b"") != signature(secret, message, 1, b"")


def test_the_check_in_the_docs_tells_true_from_false() -> None:
    """People will paste it."""
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102 - our own page
    now, body = int(time.time()), b'{"event": "stale"}'
    for secret in (SECRET.get_secret_value(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"):
        signed, late = (signature(secret, "7", sent, body) for sent in (now, now - 3600))
        checks = [
            names["genuine"](secret, "7", str(now), signed, body),
            names["genuine"](secret, "7", str(now), signed, body + b" "),
            names["genuine"]("another secret", "7", str(now), signed, body),
            names["genuine"](secret, "7", str(now - 3600), late, body),
            names["genuine"](secret, "8", str(now), signed, body),
        ]
        assert checks == [True, False, False, False, False]


def test_a_busy_receiver_gets_it_later() -> None:
    """The same delivery, signed anew each time, so that a receiver can drop what it has and what is old."""
    times = iter([100.0, 200.0, 300.0])
    with receiving(503, 429) as receiver:
        send(post_to(receiver.url, SECRET), first_wait=0.01, clock=lambda: next(times))
    (message,) = {got.headers["webhook-id"] for got in receiver.got}
    assert {got.headers["acflow-delivery"] for got in receiver.got} == {message}
    secret, body = SECRET.get_secret_value(), receiver.got[0].body
    for got, now in zip(receiver.got, (100, 200, 300), strict=True):
        assert got.headers["webhook-timestamp"] == str(now)
        assert got.headers["webhook-signature"] == signature(secret, message, now, body)
        assert got.headers["acflow-signature"] == old_signature(secret, now, body)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410])
def test_a_refusal_is_final_and_a_redirect_not_followed(status: int) -> None:
    """A redirect could lead a notice to where nobody meant it to go."""
    with receiving(status) as receiver, pytest.raises(RefusedMessageError, match=str(status)):
        send(post_to(receiver.url), first_wait=0.01)
    assert [got.path for got in receiver.got] == ["/T0K3N"]


def test_a_receiver_that_never_takes_it_is_given_up() -> None:
    """After six attempts."""
    with receiving(*[500] * 9) as receiver, pytest.raises(NotTakenError, match="500"):
        send(post_to(receiver.url), first_wait=0.01)
    assert len(receiver.got) == 6


def test_without_a_secret_nothing_is_signed() -> None:
    """An empty signature would look like one."""
    with receiving() as receiver:
        send(post_to(receiver.url))
    assert not {"acflow-signature", "webhook-signature"} & set(receiver.got[0].headers)
    assert receiver.got[0].headers["content-type"] == "application/json"


def test_the_sender_goes_on_after_a_failure() -> None:
    """What went wrong is said without the address, which may hold a secret."""
    said: list[str] = []
    sender = Sender(said.append, first_wait=0.01)
    with receiving(404) as receiver:
        sender.put([post_to(receiver.url), post_to("http://127.0.0.1:1"), post_to(receiver.url)])
        assert sender.stop(30)
    assert len(receiver.got) == 2
    assert [text.partition(": ")[2] for text in said] == ["answered 404.", "no answer (ConnectError)."]
    assert "T0K3N" not in "".join(said)


def test_a_sender_that_is_stopped_does_not_wait_for_ever() -> None:
    """The process can end while a receiver keeps it waiting."""
    hold, reached = threading.Event(), threading.Event()

    def said(_: str) -> None:
        reached.set()
        hold.wait(30)

    sender = Sender(said, first_wait=0.01)
    with receiving(404) as receiver:
        sender.put([post_to(receiver.url)])
        assert reached.wait(10)
        assert not sender.stop(0.05)
    hold.set()


def test_an_address_is_told_only_what_it_asked_for() -> None:
    """Who wants failures does not want stale flows."""
    file = FlowFile(notify=[Notice(url="https://a.example", on=["failure"]), Notice(url="https://b.example")])
    sent = notices(file, Path(), [of_stale(["deals"]), of_error(ValueError("ann@example.com"), ["deals"])])
    posts = [post for post in sent if isinstance(post, Post)]
    assert [(post.host, post.event) for post in posts] == [
        ("a.example", "failure"),
        ("b.example", "stale"),
        ("b.example", "failure"),
    ]
    assert b"ann@example.com" not in b"".join(post.body for post in posts)


def test_a_receiver_that_drips_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own notice has a deadline for the whole answer; those of others arrive meanwhile."""
    monkeypatch.setattr("acflow.app.webhooks.TIMEOUT", 5.0)
    monkeypatch.setattr("acflow.app.outgoing.ATTEMPTS", 1)
    said: list[str] = []
    with dripping() as slow, receiving() as well:
        sender = Sender(said.append, first_wait=0.01)
        sender.put([post_to(slow), post_to(well.url)])
        deadline = time.monotonic() + 30
        while not well.got and time.monotonic() < deadline:
            time.sleep(0.01)
        assert well.got
        assert sender.stop(60)
    assert said == ["The stale notice did not reach 127.0.0.1: no answer (TimeoutError)."]


@contextmanager
def dripping() -> Iterator[str]:
    """Answer with a header that never ends, a byte at a time."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not over.wait(0.05):
                connection.sendall(b"x")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.close()


def test_a_message_goes_out_of_a_running_event_loop() -> None:
    """As in a notebook, where `acflow.open(…).run()` tells how it went like anywhere else."""
    with receiving() as receiver:

        async def told() -> None:
            send(Post(f"{receiver.url}/in", b"{}", "success", None, "1", "success"), first_wait=0.01)

        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(told())).result()
    assert len(receiver.got) == 1
