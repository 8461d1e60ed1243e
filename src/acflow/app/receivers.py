"""The same content for every kind of receiver: JSON for programs, a line for a chat, an e-mail, a file."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson

from acflow.app.outgoing import Outgoing, RefusedMessageError
from acflow.app.webhooks import Post
from acflow.errors import AcflowError, ConfigError

if TYPE_CHECKING:
    from acflow.app.notices import Message
    from acflow.destinations.model import Target
    from acflow.flows.receivers import Receiver
    from acflow.flows.spec import FlowFile

CARD = "application/vnd.microsoft.card.adaptive"  # what a workflow of Teams takes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: its name, its media type, and what it holds."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """Something to send. `text` is for people, `data` for programs; `what` names it in our own words."""

    what: str
    event: str
    subject: str
    text: str
    data: Mapping[str, Any]
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class FileDrop:
    """A file on its way to a folder or a bucket, where it is whole or not at all."""

    target: "Target"
    content: bytes
    what: str

    @property
    def receiver(self) -> object:
        """Each file is a receiver of its own."""
        return self.target.to

    @property
    def shown(self) -> str:
        """Where it goes."""
        return self.target.shown

    def attempt(self, now: int) -> None:  # noqa: ARG002 - files are not signed
        """Write it; see `Outgoing`."""
        from acflow.destinations.atomic_file import check_file, whole_file

        try:
            check_file(self.target)
            with whole_file(self.target) as part:
                part.write_bytes(self.content)
        except AcflowError as error:
            raise RefusedMessageError(str(error)) from None


def notices(file: "FlowFile", folder: Path, messages: Sequence["Message"]) -> list[Outgoing]:
    """Return what goes where: each message to everybody who wants its event."""
    return [
        outgoing(notice, _of_message(message), file, folder)
        for notice in file.notify
        for message in messages
        if message.event in notice.on
    ]


def outgoing(receiver: "Receiver", content: Content, file: "FlowFile", folder: Path) -> Outgoing:
    """Return something on its way to a receiver; relative paths begin in a folder.

    Raises:
        ConfigError: it goes by e-mail, and the file names no server.

    """
    if receiver.email:
        from acflow.app.letters import letter

        if file.mail is None:
            raise ConfigError("No mail server is named. Add `mail:` to acflow.yaml.")
        return letter(file.mail, folder, list(receiver.email), content)
    if receiver.folder:
        return _file(receiver.folder, content, folder)
    body = _json(content) if receiver.url else _for_slack(content) if receiver.slack else _for_teams(content)
    address = receiver.web_address
    return Post(address, orjson.dumps(body), content.event, receiver.secret, str(uuid4()), content.what)


def _of_message(message: "Message") -> Content:
    status = {"success": "all well", "stale": "overdue", "shrink": "far fewer rows", "drift": "other fields"}
    subject = f"acflow: {status.get(message.event, message.status)}"
    return Content(f"{message.event} notice", message.event, subject, message.message, message.as_dict())


def _json(content: Content) -> dict[str, Any]:
    file = content.attachment
    if file is None:
        return dict(content.data)
    packed = base64.b64encode(file.content).decode()
    return {**content.data, "file": {"name": file.name, "type": file.type, "base64": packed}}


def _for_slack(content: Content) -> dict[str, Any]:
    """Return what an incoming webhook takes."""
    subject, text = (_escaped(part) for part in (content.subject, content.text))
    return {"text": f"*{subject}*\n{text}"}


def _escaped(text: str) -> str:
    """Return a text in which Slack sees no link and calls nobody, whatever a name holds."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _for_teams(content: Content) -> dict[str, Any]:
    """Return what the workflow "post to a channel when a webhook request is received" takes."""
    blocks: Iterable[dict[str, Any]] = (
        {"type": "TextBlock", "text": content.subject, "weight": "bolder", "size": "medium", "wrap": True},
        *({"type": "TextBlock", "text": line, "wrap": True} for line in content.text.splitlines() if line.strip()),
    )
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": list(blocks),
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}


def _file(place: str, content: Content, folder: Path) -> FileDrop:
    from acflow.destinations.model import Target

    file = content.attachment
    if file is None:
        raise ConfigError("Only documents go to folders.")
    address, question, options = place.partition("?")
    target = Target(kind="file", to=f"{address.rstrip('/')}/{file.name}{question}{options}", folder=folder)
    return FileDrop(target, file.content, content.what)
