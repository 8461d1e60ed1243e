"""The command for what an error says to do next."""

from acflow.errors import AcflowError, Action


def message_of(error: AcflowError) -> str:
    """Return the message of an error with the command for its next step."""
    if error.action is None:
        return str(error)
    return ("\n" if "\n" in str(error) else " ").join((str(error), in_commands(error.action)))


def in_commands(action: Action) -> str:
    """Return what to do next as a command to type."""
    names = " ".join(action.names)
    words = {
        "connect": "Run `acflow init`, or set ACTIVECAMPAIGN_URL and ACTIVECAMPAIGN_KEY in the environment or in .env.",
        "write_flows": "Run `acflow init` to write one.",
        "run": f"Run `acflow run{f' {names}' if names else ''}` first.",
        "read": "Run without --no-read first.",
        "list_reports": "`acflow reports` lists them.",
        "rename_account": f"If it is the same account at a new address, run once with --renamed-from {names}",
        "set_up_people": "Add people who log in with `acflow serve user NAME`.",
        "choose_port": "Choose another --port.",
        "keep_going": "Set that right and run again, or go on without with --keep-going.",
    }
    return words[action.kind]
