"""E-mails by SMTP, encrypted and only to a server whose certificate is trusted."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING

from acflow.app.outgoing import NotTakenError, RefusedMessageError

if TYPE_CHECKING:
    from acflow.app.receivers import Content
    from acflow.flows.receivers import Mail

TIMEOUT = 30.0  # seconds for one answer of the server
FOREVER = 500  # replies from here on are final; https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1
LONGEST_REPLY = 200  # characters of what a server says


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. Its id stays the same when it is sent again, so that a receiver can drop what it has."""

    mail: "Mail"
    folder: Path
    message: EmailMessage
    what: str

    @property
    def receiver(self) -> object:
        """Each list of addresses is a receiver of its own."""
        return (self.mail.host, self.shown)

    @property
    def shown(self) -> str:
        """Whom it goes to."""
        return str(self.message["To"])

    def attempt(self, now: int) -> None:  # noqa: ARG002 - nothing in an e-mail is signed by the time
        """Send once; see `Outgoing`."""
        try:
            with _connected(self.mail, self.folder) as server:
                refused = server.send_message(self.message)
        except ssl.SSLCertVerificationError as error:
            raise RefusedMessageError(f"the certificate of {self.mail.host} is not trusted: {error.reason}") from None
        except smtplib.SMTPRecipientsRefused as error:
            _refuse(max(code for code, _ in error.recipients.values()), b"; ".join(_replies(error.recipients)))
        except smtplib.SMTPResponseException as error:
            _refuse(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedMessageError(f"{self.mail.host} does not offer what is needed: {error}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotTakenError(f"no answer of {self.mail.host} ({type(error).__name__})") from None
        else:
            if refused:  # the others have it; sent again, they would have it twice
                raise RefusedMessageError(f"{', '.join(refused)} refused: {_text(b'; '.join(_replies(refused)))}")


def letter(mail: "Mail", folder: Path, addresses: list[str], content: "Content") -> Letter:
    """Return an e-mail with the words of something, and its file."""
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, ", ".join(addresses)
    message["Subject"] = " ".join(content.subject.split())
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # no answers of those who are on holiday; RFC 3834
    message.set_content(content.text)
    if file := content.attachment:
        kind, _, rest = file.type.partition(";")[0].partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=rest, filename=file.name)
    return Letter(mail, folder, message, content.what)


@contextmanager
def _connected(mail: "Mail", folder: Path) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context(cafile=str(folder / mail.ca) if mail.ca else None)
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.at_port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.at_port, timeout=TIMEOUT)
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user is not None and mail.password is not None:
            server.login(mail.user, mail.password.get_secret_value())
        yield server


def _replies(refused: dict[str, tuple[int, bytes]]) -> list[bytes]:
    return list(dict.fromkeys(reply for _, reply in refused.values()))


def _refuse(code: int, reply: bytes | str) -> None:
    said = f"the mail server answered {code}: {_text(reply)}"
    raise (RefusedMessageError if code >= FOREVER else NotTakenError)(said) from None


def _text(reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:LONGEST_REPLY]
