"""`notify:` in the flow file: who is told, what is refused, and that no mistake shows a secret."""

import pytest

from acflow.flows.file import load_flow_text
from acflow.flows.problems import FlowFileError

SECRET = "s3cr3t-and-long-enough"  # noqa: S105 - of a test


def test_an_address_alone_is_told_of_what_needs_a_look() -> None:
    """Nobody wants a message for every good night."""
    (notice,) = load_flow_text("notify: https://hooks.example/acflow\n").notify
    assert notice.on == ["failure", "stale", "shrink", "drift"]
    assert notice.secret is None


def test_a_notice_says_what_it_is_for_and_how_it_is_signed() -> None:
    """The secret comes from the environment and shows nowhere."""
    text = "notify:\n  - {url: http://127.0.0.1:9/x, on: success, secret: '${TELL}'}\n"
    file = load_flow_text(text, env={"TELL": SECRET})
    assert file.notify[0].on == ["success"]
    assert file.notify[0].secret is not None
    assert file.notify[0].secret.get_secret_value() == SECRET
    assert SECRET not in repr(file)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("http://hooks.example/x", "unencrypted"),
        ("ftp://hooks.example/x", "no web address"),
        ("{url: 'https://hooks.example:99999/x'}", "no web address"),
        ("{url: https://hooks.example, on: [failur]}", "Did you mean `failure`?"),
        ("{url: https://hooks.example, on: []}", "notify[0].on"),
        ("{url: https://hooks.example, secret: short}", "fewer than 16 characters"),
        ("{url: https://hooks.example, sekret: x}", "Did you mean `secret`?"),
        ("{on: [stale]}", "in one way, not 0"),
    ],
)
def test_a_mistake_is_refused_with_its_place(line: str, said: str) -> None:
    """A message that would never arrive, or arrive in the open, is refused before anything runs."""
    with pytest.raises(FlowFileError) as caught:
        load_flow_text(f"notify:\n  - {line}\n")
    assert "acflow.yaml:2" in str(caught.value)
    assert said in str(caught.value)


def test_a_refused_secret_is_not_shown() -> None:
    """Mistakes are pasted into tickets."""
    with pytest.raises(FlowFileError) as caught:
        load_flow_text("notify:\n  - {url: https://hooks.example/T0K3N, secret: [T0K3N], on: [nothing]}\n")
    assert "T0K3N" not in str(caught.value)
