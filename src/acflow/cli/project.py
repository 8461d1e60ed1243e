"""The project of the folder that a command works in."""

from typing import TYPE_CHECKING, Any, Literal

from acflow.cli import console
from acflow.errors import ConfigError

if TYPE_CHECKING:
    from acflow.app.project import Project


def here(
    *,
    lenient: bool = False,
    over: Literal["no", "roll-ups", "yes"] = "no",
    **given: Any,  # noqa: ANN401 - values are checked by the model
) -> "Project":
    """Return the project of this folder, whose secrets are kept out of what is said; None counts as not given.

    Where there are several accounts and none is chosen, it is the project `over` all of them, if the command has a
    meaning for that: always, or only where there are roll-ups.

    Raises:
        ConfigError: an account must be chosen.

    """
    from acflow.app.project import Project

    project = Project.open(**given)
    project = project.as_understood() if lenient else project
    quiet()
    console.hide(project.env.get("ACTIVECAMPAIGN_KEY"))
    for secret in project.secrets:
        console.hide(secret)
    if over != "yes" and project.is_over_accounts and not (over == "roll-ups" and project.file.flows):
        raise ConfigError(f"This project has several accounts. Choose one by --account: {', '.join(project.accounts)}.")
    return project


def quiet() -> None:
    """Keep stamina from logging each retry; the progress and the certificate speak of them."""
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks([])
