"""What the parts of `acflow.yaml` have in common: unknown keys are mistakes, and mistakes have a fix."""

from typing import NoReturn

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


def refuse(message: str, fix: str = "") -> NoReturn:
    """Raise a mistake with its fix, for the reader of the file to place."""
    raise PydanticCustomError("acflow", "{message}", {"message": message, "fix": fix})


def as_list(value: object) -> object:
    """Take a single thing for a list of one."""
    return [value] if isinstance(value, str | dict) else value


class Part(BaseModel):
    """A part of the file; a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)
