"""The project of the folder that a command works in."""

from typing import TYPE_CHECKING, Any

from acflow.cli import console

if TYPE_CHECKING:
    from acflow.app.project import Project


def here(*, lenient: bool = False, **given: Any) -> "Project":  # noqa: ANN401 - values are checked by the model
    """Return the project of this folder, whose secrets are kept out of what is said; None counts as not given."""
    from acflow.app.project import Project

    project = Project.open(**given)
    project = project.as_understood() if lenient else project
    quiet()
    console.hide(project.env.get("ACTIVECAMPAIGN_KEY"))
    for secret in project.secrets:
        console.hide(secret)
    return project


def quiet() -> None:
    """Keep stamina from logging each retry; the progress and the certificate speak of them."""
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks([])
