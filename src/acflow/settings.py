"""Every setting, once: default, meaning, and the name of its environment variable."""

import os
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from acflow.errors import Action, ConfigError

ENV_FILE = Path(".env")
MAY_BE_EMPTY = frozenset({"history", "reports", "report_options"})  # where nothing is an answer; elsewhere it is unset
DAY, CENTURY = 86_400.0, 36_500  # seconds, days: what is beyond was not meant, and breaks clocks and calendars
PREFIX = "ACFLOW_"
ACCOUNT_NAMES = {"url": "ACTIVECAMPAIGN_URL", "key": "ACTIVECAMPAIGN_KEY"}  # these go before their ACFLOW_ names
DATASET = r"^[a-z_][a-z0-9_]*$"  # a name that needs no quotes in any warehouse


class Settings(BaseModel):
    """The settings of a project. `load_settings` says where they come from."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)  # an error must not print a key

    url: Annotated[str, Field(description="API URL of the account, from ActiveCampaign's Settings, Developer.")] = ""
    key: Annotated[SecretStr, Field(description="API key of an admin user, from the same page.")] = SecretStr("")
    account: Annotated[str, Field(description="Account of `accounts:` in acflow.yaml that commands are about.")] = ""
    warehouse: Annotated[str, Field(description="Database where the tables land.")] = "duckdb:///acflow.duckdb"
    dataset: Annotated[
        str,
        Field(description="Schema of the database that holds the tables.", pattern=DATASET),
    ] = "activecampaign"
    accounts_at_once: Annotated[
        int, Field(ge=1, le=1000, description="Accounts of a project that are read at the same time.")
    ] = 32
    state: Annotated[Path, Field(description="Folder for acflow's own files: ledger, unfinished loads.")] = Path(
        ".acflow"
    )
    pace: Annotated[
        float,
        Field(
            ge=0,
            le=1000,
            allow_inf_nan=False,
            description="Requests per second. ActiveCampaign allows five per account; 0 is for the sandbox.",
        ),
    ] = 5.0
    timeout: Annotated[
        float, Field(gt=0, le=DAY, allow_inf_nan=False, description="Seconds to wait for one answer as a whole.")
    ] = 60.0
    retry_patience: Annotated[
        float,
        Field(
            ge=0,
            le=7 * DAY,
            allow_inf_nan=False,
            description="Seconds for which one request is repeated before its error is final.",
        ),
    ] = 300.0
    warehouse_patience: Annotated[
        float,
        Field(
            ge=0,
            le=7 * DAY,
            allow_inf_nan=False,
            description="Seconds to wait for a warehouse, or a database delivered to, that is busy or does not answer.",
        ),
    ] = 60.0
    publish: Annotated[
        bool,
        Field(description="Whether each run leaves a read-only copy of a DuckDB warehouse for those who only read."),
    ] = True
    lake: Annotated[
        str, Field(description="Folder or URL where each run publishes its tables as Delta tables; empty for nowhere.")
    ] = ""
    lake_days: Annotated[
        int, Field(ge=0, le=CENTURY, description="Days for which files of older versions stay in the lake.")
    ] = 7
    prepare_reports: Annotated[
        bool,
        Field(description="Whether the service answers every report after each run, so that its page comes at once."),
    ] = True
    max_shrink: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            allow_inf_nan=False,
            description="A table that would lose more than this share of its rows, or of its filled columns, is not "
            "replaced.",
        ),
    ] = 0.5
    refresh: Annotated[
        Literal["full", "incremental"],
        Field(description="Whether contacts and deals are read in full by each run, or only what changed in them."),
    ] = "full"
    sweep_every: Annotated[
        timedelta,
        Field(
            ge=timedelta(0),
            le=timedelta(CENTURY),
            description="Days after which what is read by its changes is read in full again.",
        ),
    ] = timedelta(days=7)
    events_source: Annotated[
        Literal["auto", "reports", "legacy", "lists"],
        Field(
            description="Where what contacts did with campaigns is read: reports of version 3, legacy ones of version "
            "1, account-wide lists, or auto, which tries these in turn once and keeps to what answers."
        ),
    ] = "auto"
    events_path: Annotated[
        str,
        Field(
            description="Path of version 3's reports on a campaign, below /api/3/, where it is not as guessed.",
            pattern=r"^[^?#]*\{campaign\}[^?#]*\{report\}[^?#]*$",
        ),
    ] = "campaigns/{campaign}/reports/{report}"
    events_days: Annotated[
        int,
        Field(ge=0, le=CENTURY, description="Days for which a campaign that was sent is asked again in each refresh."),
    ] = 30
    events_requests: Annotated[
        int,
        Field(
            ge=0,
            description="Requests of one run after which no further campaign is asked for events of one kind, the "
            "newest first; later runs go on. 0 is for no limit.",
        ),
    ] = 0
    events_since: Annotated[
        date | None,
        Field(description="Day before which campaigns that were sent last are never asked who opened them and so on."),
    ] = None
    history: Annotated[
        str,
        Field(description="Entities of which every version is kept, parted by commas; empty for none."),
    ] = "deals,campaigns,lists,segments,forms"
    history_days: Annotated[
        int, Field(ge=0, le=CENTURY, description="Days for which versions that are over are kept; 0 is for ever.")
    ] = 0
    reports: Annotated[
        str,
        Field(description="Reports that each run keeps as tables `report_…`, parted by commas, or all of them: all."),
    ] = ""
    report_options: Annotated[
        str,
        Field(
            description="Options of all reports, kept or shown, parted by blanks: basis, zone, days, recent_days, "
            "minimum_sends, tiers, rates, into, targets; as in `zone=Europe/Berlin rates=usd:0.9 into=eur`."
        ),
    ] = ""
    memory: Annotated[
        int, Field(ge=32, description="Megabytes that the warehouse may use while it loads, more if it must.")
    ] = 64
    flow_memory: Annotated[int, Field(ge=64, description="Megabytes that the warehouse may use for data flows.")] = 1024
    flow_seconds: Annotated[
        float,
        Field(ge=0, allow_inf_nan=False, description="Seconds after which a data flow is stopped; 0 is for never."),
    ] = 3600.0
    flow_threads: Annotated[
        int, Field(ge=0, description="Threads that the warehouse may use for data flows; 0 is one per processor.")
    ] = 0
    locale: Annotated[
        str, Field(description="How numbers are written in reports, by language and country, as en_US or de_DE.")
    ] = "en_US"
    privacy_key: Annotated[
        SecretStr,
        Field(description="Key of the hashes in deliveries; by default one is made and kept in the state folder."),
    ] = SecretStr("")
    serve_token: Annotated[
        SecretStr,
        Field(description="What others must know to look at what is served; the service listens to none without."),
    ] = SecretStr("")

    custom_fields: Annotated[
        Literal["auto", "values", "off"],
        Field(
            description="How values of custom fields are read: auto along with contacts and deals, at no request more; "
            "values from their own lists; off only where they are named."
        ),
    ] = "auto"

    @field_validator("pace")
    @classmethod
    def _slowest(cls, given: float) -> float:
        """Refuse a pace at which a run would never end."""
        if 0 < given < 0.01:  # noqa: PLR2004
            raise ValueError("should be 0 or at least 0.01")
        return given

    @field_validator("sweep_every", mode="before")
    @classmethod
    def _days(cls, given: object) -> object:
        """Take 7, 7d and 12h beside the standard's own words."""
        found = re.fullmatch(r"(\d+)([dh]?)", str(given).strip())
        if found is None or int(found[1]) > CENTURY * 24:
            return given
        return timedelta(**{"hours" if found[2] == "h" else "days": int(found[1])})

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, given: str) -> str:
        """Refuse a locale that nobody has; most never name one, and need no library for it."""
        if given != "en_US":
            from babel import Locale, UnknownLocaleError

            try:
                Locale.parse(given.replace("-", "_"))
            except (UnknownLocaleError, ValueError, TypeError):
                raise ValueError(f"there is no locale {given!r}; name one such as en_US or de_DE") from None
        return given

    @property
    def with_history(self) -> frozenset[str]:
        """The entities of which every version is kept."""
        return frozenset(name for each in self.history.split(",") if (name := each.strip()))

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written down."""
        password = re.search(r"://[^/@:]*:([^/@]+)@", self.warehouse)
        kept = (self.key, self.privacy_key, self.serve_token)
        return (*(each.get_secret_value() for each in kept), password[1] if password else "")

    def require_account(self) -> None:
        """Raise ConfigError if address or key are missing."""
        missing = [name for name, value in (("URL", self.url), ("KEY", self.key.get_secret_value())) if not value]
        if missing and self.account:
            lacking = " and ".join(missing).lower()
            raise ConfigError(
                f"The account `{self.account}` has no {lacking}. Set what `accounts:` of acflow.yaml names, in .env."
            )
        if missing:
            names = " and ".join(f"ACTIVECAMPAIGN_{name}" for name in missing)
            raise ConfigError(f"{names} not set.", action=Action("connect"))


def load_settings(
    env: Mapping[str, str] | None = None,
    env_file: Path = ENV_FILE,
    /,
    **given: Any,  # noqa: ANN401 - values are checked by the model
) -> Settings:
    """Return the settings: from the arguments, then the environment, then `.env`; None and "" count as not given.

    Only where nothing is an answer too, as in ACFLOW_HISTORY, does "" mean nothing.

    The name of a setting in `env` (the process's environment by default) and in `env_file` is ACFLOW_ plus the
    field's; address and key also go by ACTIVECAMPAIGN_URL and ACTIVECAMPAIGN_KEY.

    Raises:
        ConfigError: a value is wrong; the message names the setting and what it should be.

    """
    values = _named(read_env_file(env_file)) | _named(os.environ if env is None else env)
    try:
        return Settings(**values | {name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = [("".join(map(str, each["loc"][:1])), each["msg"]) for each in error.errors(include_input=False)]
        lines = [f"Setting {name} (ACFLOW_{name.upper()}): {message}." for name, message in wrong]
        raise ConfigError("\n".join(lines)) from None


def read_env_file(path: Path) -> dict[str, str]:
    """Return what a `.env` file sets; nothing if there is none.

    Raises:
        ConfigError: it cannot be read, or is not text in UTF-8.

    """
    from dotenv import dotenv_values

    try:  # Windows' editors put a byte order mark before all else
        return {name: value for name, value in dotenv_values(path, encoding="utf-8-sig").items() if value is not None}
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not written in UTF-8: {error.reason} at byte {error.start}. Save it so."
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None


def _named(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the values of an environment by the names of the settings, whatever the case of the variables."""
    empty = {PREFIX + name.upper() for name in MAY_BE_EMPTY}
    values = {name.upper(): value for name, value in variables.items() if value or name.upper() in empty}
    names = {field: (ACCOUNT_NAMES.get(field, ""), PREFIX + field.upper()) for field in Settings.model_fields}
    return {
        field: next(values[name] for name in known if name in values)
        for field, known in names.items()
        if not values.keys().isdisjoint(known)
    }
