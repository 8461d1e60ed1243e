"""`acflow sandbox`: an imitated account to try things on, which is a package of its own."""

from typing import Any

import typer

from acflow.errors import ConfigError

# Its options are declared by the package, so this command takes any and hands them over, `--help` too.
HANDED_OVER: dict[str, Any] = {
    "add_help_option": False,
    "context_settings": {"ignore_unknown_options": True, "allow_extra_args": True},
}


def sandbox(context: typer.Context) -> None:
    """Serve an imitation of the ActiveCampaign API until Ctrl-C; --help lists its options."""
    require_sandbox()
    from activecampaign_sandbox.cli import main

    raise typer.Exit(main(context.args, prog="acflow sandbox", hint="Then: acflow check, acflow run --pace 0"))


def require_sandbox() -> None:
    """Do nothing where the sandbox can be imported.

    Raises:
        ConfigError: it, or something that it needs, is not installed.

    """
    try:
        import activecampaign_sandbox.cli  # noqa: F401 - whether it can be
    except ModuleNotFoundError as missing:
        raise ConfigError(
            f"The sandbox, a package of its own, cannot be started here: {missing}. "
            "Install it with `pip install 'acflow[demo]'`, or with "
            "`pip install ./packages/activecampaign-sandbox` in acflow's source folder."
        ) from None
