"""Secrets of webhooks in: what is kept of them, and how often they may be used."""

from pathlib import Path

import pytest

from acflow.errors import ConfigError
from acflow.web.hooks import FILE, Bound, flow_of, make_hook, revoke_hook


def test_a_secret_starts_its_flow_and_no_other(tmp_path: Path) -> None:
    """Two flows have two secrets, and a part of one is none."""
    first, second = make_hook(tmp_path, "a"), make_hook(tmp_path, "b")
    assert (flow_of(tmp_path, first), flow_of(tmp_path, second)) == ("a", "b")
    assert [flow_of(tmp_path, guess) for guess in ("", "a", first[:-1], first + "x", "\udcff")] == [None] * 5


def test_a_new_secret_revokes_the_old_one(tmp_path: Path) -> None:
    """That is what one does when an address has become known."""
    old, other = make_hook(tmp_path, "a"), make_hook(tmp_path, "b")
    new = make_hook(tmp_path, "a")
    assert (flow_of(tmp_path, old), flow_of(tmp_path, new), flow_of(tmp_path, other)) == (None, "a", "b")
    assert revoke_hook(tmp_path, "a")
    assert not revoke_hook(tmp_path, "a")
    assert flow_of(tmp_path, new) is None


def test_no_secret_is_kept(tmp_path: Path) -> None:
    """Who reads the folder learns no address, and nobody else may even read it."""
    secret = make_hook(tmp_path, "a")
    assert secret not in (tmp_path / FILE).read_text()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_broken_file_says_what_to_do(tmp_path: Path) -> None:
    """It is not taken for one without hooks, and not overwritten."""
    (tmp_path / FILE).write_text("{")
    with pytest.raises(ConfigError, match="make the hooks anew"):
        make_hook(tmp_path, "a")


def test_a_bound_opens_again() -> None:
    """It says how long to wait, and that is true."""
    now = 0.0
    bound = Bound(2, lambda: now)
    assert [bound.wait(), bound.wait(), bound.wait()] == [0, 0, 60]
    now = 59.0
    assert bound.wait() == 1
    now = 60.0
    assert bound.wait() == 0
