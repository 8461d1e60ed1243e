"""A flow file as far as it could be understood."""

from dataclasses import dataclass, field

from acflow.flows.problems import FlowFileError
from acflow.flows.spec import FlowFile
from acflow.flows.text import Document


@dataclass
class Draft:
    """A file as far as it could be understood; `broken` are flows that have mistakes of their own."""

    file: FlowFile
    document: Document
    broken: set[str] = field(default_factory=set)

    @property
    def names(self) -> tuple[str, ...]:
        """Every flow that the file names, also those that could not be understood."""
        return tuple(dict.fromkeys((*self.file.flows, *self.broken)))

    def raise_problems(self) -> None:
        """Raise FlowFileError if anything is wrong."""
        if self.document.problems:
            raise FlowFileError(self.document.problems)
