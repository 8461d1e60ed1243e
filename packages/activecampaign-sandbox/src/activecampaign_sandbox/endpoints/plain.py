"""Lists without orders of their own."""

from activecampaign_sandbox.endpoints.model import Endpoint
from activecampaign_sandbox.endpoints.template import Template


def plain(
    path: str,
    singular: str,
    template: Template,
    *,
    created: str | None = "cdate",
    touched: str | None = None,
    **others: object,
) -> Endpoint:
    """Return a list without orders of its own."""
    missing = singular[0].upper() + singular[1:]
    return Endpoint(path, singular, missing, created=created, touched=touched, template=template, **others)  # type: ignore[arg-type]
