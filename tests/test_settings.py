"""Settings: what may be empty, what is no number, and a `.env` that somebody else wrote."""

from pathlib import Path

import pytest

from acflow.errors import ConfigError
from acflow.settings import ENV_FILE, load_settings, read_env_file


@pytest.mark.parametrize("where", ["environment", "file"])
def test_an_empty_setting_may_mean_nothing(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ACFLOW_HISTORY=` keeps no history, wherever it is written; the environment goes before the file."""
    assert load_settings().with_history
    if where == "environment":
        (tmp_path / ".env").write_text("ACFLOW_HISTORY=deals\n")
        monkeypatch.setenv("ACFLOW_HISTORY", "")
    else:
        (tmp_path / ".env").write_text("ACFLOW_HISTORY=\n")
    assert load_settings().with_history == frozenset()
    assert load_settings(history="deals").with_history == {"deals"}


def test_an_empty_variable_of_another_setting_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipelines set variables to nothing where they have no value; the file's then holds, or the default."""
    (tmp_path / ".env").write_text("ACTIVECAMPAIGN_KEY=from-the-file\nACFLOW_PACE=\n")
    monkeypatch.setenv("ACTIVECAMPAIGN_KEY", "")
    settings = load_settings()
    assert (settings.key.get_secret_value(), settings.pace) == ("from-the-file", 5.0)


@pytest.mark.parametrize("name", ["pace", "timeout", "retry_patience", "warehouse_patience", "max_shrink"])
@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e300", "-1"])
def test_a_number_that_no_clock_can_hold_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would end in an error of a library, or in a wait without end."""
    monkeypatch.setenv(f"ACFLOW_{name.upper()}", value)
    with pytest.raises(ConfigError, match=f"ACFLOW_{name.upper()}"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"), [("pace", "1e-300"), ("sweep_every", "999999999"), ("history_days", "999999999999")]
)
def test_what_calendars_cannot_hold_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding it to a date would end the run."""
    monkeypatch.setenv(f"ACFLOW_{name.upper()}", value)
    with pytest.raises(ConfigError, match=f"ACFLOW_{name.upper()}"):
        load_settings()


@pytest.mark.parametrize("code", ["utf-16", "latin-1"])
def test_a_file_that_is_no_utf_8_is_named(code: str, tmp_path: Path) -> None:
    """PowerShell writes UTF-16, old editors Latin-1; every reader of the file says so."""
    (tmp_path / ".env").write_bytes("# clé\nACTIVECAMPAIGN_KEY=secret-1\n".encode(code))
    for read in (load_settings, lambda: read_env_file(ENV_FILE)):
        with pytest.raises(ConfigError, match=r"\.env is not written in UTF-8.*Save it so") as caught:
            read()
        assert "secret" not in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    """Windows' editors put one there."""
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfACTIVECAMPAIGN_KEY=abc\n")
    assert load_settings().key.get_secret_value() == "abc"
    assert read_env_file(ENV_FILE) == {"ACTIVECAMPAIGN_KEY": "abc"}
