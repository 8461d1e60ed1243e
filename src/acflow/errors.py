"""Every error of acflow, as a tree by what the reader should do next.

AcflowError                      exit 1
├── RunCancelledError            nothing, or run again                                exit 130
├── ConfigError                  fix a setting or the command, run again              exit 2
│   ├── BadKeyError              the account refused the key
│   ├── QueryTimeoutError        a question in SQL took longer than it may
│   └── OtherAccountError        the dataset holds the data of another account
├── ApiError                     the account could not be read                        exit 3
│   ├── RetryableError           wait, then repeat the same request
│   │   ├── RateLimitedError     429 or 503: the whole account waits
│   │   ├── ServerError          5xx
│   │   ├── BrokenAnswerError    an answer that is empty, cut off or no JSON
│   │   ├── ConnectionFailedError    no answer at all
│   │   ├── GatewayError         a 403 of something before the API: a firewall, a bot check
│   │   └── RefusedError         a 403 after a good probe: it may be noise
│   ├── ForbiddenError           the key has no right to this entity
│   ├── NotFoundError            404
│   └── WrongServerError         what answers is not ActiveCampaign
├── ContractError                the API sent a shape that acflow does not know       exit 4
├── RefusedReplaceError          the old table was kept on purpose                    exit 5
├── WarehouseError               the database could not be opened or written          exit 6
│   ├── RefusedTablesError       some tables could not be replaced, all others were
│   ├── WarehouseBusyError       another process holds it; try later                  exit 8
│   ├── DiskFullError            no space left
│   └── MemoryLimitError         the warehouse may not use as much memory as it needs
├── ProjectBusyError             another run of the project is at work; try later     exit 8
├── DeliveryError                a destination could not be written; what was there stays    exit 7
└── LedgerError                  the record of runs could not be read or written      exit 1

A run in which some entities landed and others did not ends with `PARTIAL` (5); Ctrl-C ends with 130.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

OK = 0
PARTIAL = 5
BUSY = 8
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Action:
    """What the reader can do next; each front puts it into its own words: a command, a button, a field.

    `names` are the entities or flows that it is about, all if none is named.
    """

    kind: Literal[
        "connect",
        "write_flows",
        "run",
        "read",
        "list_reports",
        "rename_account",
        "set_up_people",
        "choose_port",
        "keep_going",
    ]
    names: tuple[str, ...] = ()


class AcflowError(Exception):
    """Something went wrong; the message holds the fact, then the next step, unless an `action` tells it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str = "", *, action: Action | None = None) -> None:
        super().__init__(message)
        self.action = action

    @property
    def code(self) -> str:
        """The kind of error in a word for programs, such as `warehouse_busy`."""
        name = type(self).__name__.removesuffix("Error")
        return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class RunCancelledError(AcflowError):
    """Somebody asked a run to end before its end; every table is whole."""

    exit_code = INTERRUPTED


class ConfigError(AcflowError):
    """A setting or an argument is wrong."""

    exit_code = 2


class BadKeyError(ConfigError):
    """The account refused the API key."""


class QueryTimeoutError(ConfigError):
    """A question in SQL was stopped at its time limit."""


class OtherAccountError(ConfigError):
    """The dataset holds the data of another account, which would be replaced."""


class ApiError(AcflowError):
    """The account could not be read."""

    exit_code = 3


class RetryableError(ApiError):
    """The same request may succeed later.

    `retry_after` is the number of seconds the server asked for, or None if it did not say.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimitedError(RetryableError):
    """The account's budget of requests is spent (429, or 503 from old gateways)."""


class ServerError(RetryableError):
    """The server failed (5xx)."""


class BrokenAnswerError(RetryableError):
    """A 200 whose body is empty, cut off or no JSON; never the end of a list."""


class ConnectionFailedError(RetryableError):
    """No answer: name not found, connection refused, reset or timed out."""


class GatewayError(RetryableError):
    """Something before the API answered in its place; it says nothing of what the key may read."""


class RefusedError(RetryableError):
    """A 403 after a good probe; ActiveCampaign sends some of these at random."""


class ForbiddenError(ApiError):
    """The key's user has no right to this entity, or the plan lacks it."""


class NotFoundError(ApiError):
    """The path does not exist on this account."""


class WrongServerError(ApiError):
    """What answers at this address is not the ActiveCampaign API."""


class ContractError(AcflowError):
    """The API sent a shape that acflow does not know."""

    exit_code = 4


class RefusedReplaceError(AcflowError):
    """The new data could not be proved complete, so the old table was kept."""

    exit_code = 5


class WarehouseError(AcflowError):
    """The warehouse could not be opened, read or written."""

    exit_code = 6


class RefusedTablesError(WarehouseError):
    """Some tables could not be replaced and are as they were; all others have landed. `refused` says why by table."""

    def __init__(self, refused: Mapping[str, WarehouseError]) -> None:
        super().__init__(" ".join(str(error) for error in refused.values()))
        self.refused = refused


class WarehouseBusyError(WarehouseError):
    """Another process holds the warehouse; the same may succeed later."""

    exit_code = BUSY


class ProjectBusyError(AcflowError):
    """Another run of the project is at work; the same may succeed later."""

    exit_code = BUSY


class DiskFullError(WarehouseError):
    """No space left where acflow writes."""


class MemoryLimitError(WarehouseError):
    """The warehouse needs more memory than the settings allow."""


class DeliveryError(AcflowError):
    """A destination could not be written; what stood there before still does."""

    exit_code = 7


class LedgerError(AcflowError):
    """The record of runs could not be read or written."""
