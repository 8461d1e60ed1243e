"""Who is sent something: how runs ended, and documents on a schedule."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from acflow.flows.part import Part, as_list, refuse
from acflow.flows.schedule import Schedule
from acflow.source.protocol import is_loopback

Event = Literal["success", "failure", "stale", "shrink", "drift"]
WORTH_A_LOOK: list[Event] = ["failure", "stale", "shrink", "drift"]
SHORTEST_SECRET = 16
WAYS = ("url", "email", "slack", "teams", "folder")
PORTS = {"starttls": 587, "tls": 465, "none": 25}

Security = Literal["starttls", "tls", "none"]
DocumentFormat = Literal["html", "pdf", "xlsx", "csv"]


def _address(value: str) -> str:
    name, at, domain = value.strip().rpartition("@")
    if not (at and name and domain) or any(sign in value for sign in "\r\n,;<>") or " " in value.strip():
        refuse(f"`{value}` is no address of e-mail.", "Write one as ann@example.com.")
    return value.strip()


def _check_web_address(key: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"https", "http"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known:
        refuse(f"`{key}` is no web address.", "Write it with https://.")
    if parts.scheme == "http" and not is_loopback(address):
        refuse(f"`{key}` would be reached unencrypted.", "Write it with https://; http:// is for this machine alone.")


MailAddress = Annotated[str, BeforeValidator(_address)]
MailAddresses = Annotated[
    list[MailAddress], BeforeValidator(as_list, json_schema_input_type=str | list[str]), Field(min_length=1)
]


class Mail(Part):
    """A mail server. What is sent by it goes encrypted, unless the server is this machine."""

    host: str = Field(min_length=1, description="Name of the server, as smtp.example.com.")
    port: int | None = Field(default=None, ge=1, le=65535, description="587 by default, 465 for `tls`.")
    security: Security = Field(default="starttls", description="`none` is for a server on this machine alone.")
    user: str | None = Field(default=None, description="Who logs in there.")
    password: SecretStr | None = Field(default=None, description="Their password, as ${NAME}.")
    sender: MailAddress = Field(alias="from", description="Address that e-mails come from.")
    ca: str | None = Field(default=None, description="File with the certificate that a server of your own is known by.")

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.security == "none" and not is_loopback(f"http://{self.host}"):
            refuse("e-mails would be sent unencrypted.", "Write starttls or tls; none is for this machine alone.")
        if (self.user is None) != (self.password is None):
            refuse("`user` and `password` belong together.", "Give both, or neither.")
        return self

    @property
    def at_port(self) -> int:
        """The port that it listens on."""
        return self.port or PORTS[self.security]


class Receiver(Part):
    """One way to reach somebody."""

    url: str | None = Field(default=None, repr=False, description="Address that takes a POST of JSON, with https://.")
    secret: SecretStr | None = Field(
        default=None, description="Signs what is posted to `url`, best as ${NAME}; the receiver knows it too."
    )
    email: MailAddresses | None = Field(default=None, description="Addresses of e-mail; `mail` names the server.")
    slack: SecretStr | None = Field(default=None, description="Address of an incoming webhook of Slack, as ${NAME}.")
    teams: SecretStr | None = Field(default=None, description="Address of a workflow of Teams, as ${NAME}.")
    folder: str | None = Field(
        default=None, min_length=1, repr=False, description="Folder or bucket, as out/reports or s3://bucket/reports."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [way for way in WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            refuse(f"a receiver is reached in one way, not {len(given)}.", f"Give it one of {', '.join(WAYS)}.")
        for key, address in (("url", self.url), ("slack", _open(self.slack)), ("teams", _open(self.teams))):
            if address is not None:
                _check_web_address(key, address)
        if self.secret and self.url is None:
            refuse("`secret` signs what is posted to `url`.", "Leave it out.")
        if self.secret and len(self.secret.get_secret_value()) < SHORTEST_SECRET:
            refuse(f"`secret` has fewer than {SHORTEST_SECRET} characters.", "Make one: `openssl rand -hex 32`.")
        return self

    @property
    def way(self) -> str:
        """How it is reached."""
        return next(way for way in WAYS if getattr(self, way) is not None)

    @property
    def shown(self) -> str:
        """Whom it reaches, without what may be a secret: of web addresses the host alone."""
        if self.email:
            return ", ".join(self.email)
        if self.folder:
            head, slashes, rest = self.folder.partition("://")
            return f"{head}://{rest.rpartition('@')[2]}".partition("?")[0] if slashes else self.folder
        return urlsplit(self.web_address).hostname or ""

    @property
    def web_address(self) -> str:
        """The address that is posted to; empty for e-mail and folders."""
        return self.url or _open(self.slack) or _open(self.teams) or ""


class Notice(Receiver):
    """Somebody who is told how runs end."""

    on: Annotated[list[Event], BeforeValidator(as_list, json_schema_input_type=Event | list[Event])] = Field(
        default=WORTH_A_LOOK, min_length=1, description="What it is told of; all but success by default."
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"url": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _no_folder(self) -> Self:
        if self.folder:
            refuse("nobody is told anything by a folder.", "Use email, slack, teams or url; folders take documents.")
        return self


OneNotice = str | Notice
Notices = Annotated[list[Notice], BeforeValidator(as_list, json_schema_input_type=OneNotice | list[OneNotice])]


def _as_schedule(value: object) -> object:
    return {"cron": value} if isinstance(value, str) else value


When = Annotated[Schedule, BeforeValidator(_as_schedule, json_schema_input_type=str | Schedule)]
Receivers = Annotated[
    list[Receiver],
    BeforeValidator(as_list, json_schema_input_type=Receiver | list[Receiver]),
    Field(min_length=1),
]


class DocumentSpec(Part):
    """A report or the rows of a flow, sent to somebody."""

    report: str | None = Field(
        default=None, description="A role (marketing, sales, revops), all of them (all), or one report as Excel or CSV."
    )
    flow: str | None = Field(default=None, description="A flow, whose rows are sent as Excel or CSV.")
    format: DocumentFormat | None = Field(
        default=None, description="html, pdf, xlsx or csv; by default pdf for a role and xlsx for rows."
    )
    title: str | None = Field(default=None, description="Heading of the report, and subject of the e-mail.")
    schedule: When | None = Field(default=None, description="When it is sent; without, only when somebody asks for it.")
    send: Receivers = Field(description="Whom it is sent to.")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.report is None) == (self.flow is None):
            refuse("a document is of a `report` or of a `flow`.", "Give one of them.")
        if self.flow and self.format in {"html", "pdf"}:
            refuse(f"rows of a flow are not sent as {self.format}.", "Write xlsx or csv.")
        return self


def _open(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
