"""What destinations are not told: the columns that a file wants hashed, masked or dropped."""

from acflow.flows.problems import SqlMistakeError, suggest
from acflow.flows.relation import Builder, Relation
from acflow.flows.spec import Flow
from acflow.flows.sqltypes import TypeFamily, kind


def check_privacy(builder: Builder, flow: Flow, relation: Relation) -> None:
    """Note each column that is not there, and each without text that should be masked."""
    for index, delivery in enumerate(flow.deliver):
        for column, treatment in delivery.privacy.items():
            path = builder.path("deliver", index, "privacy", column)
            if builder.gave_up(column):
                continue
            if column not in relation.columns:
                fix = suggest(column, relation.columns, "columns")
                builder.report(path, SqlMistakeError(f"unknown column `{column}`.", fix))
            elif treatment == "mask" and kind(relation.columns[column]) is not TypeFamily.TEXT:
                message = f"`{column}` holds {kind(relation.columns[column])}, and only text can be masked."
                builder.report(path, SqlMistakeError(message, "Write hash or drop."))
        if delivery.privacy and all(delivery.privacy.get(column) == "drop" for column in relation.columns):
            builder.report(
                builder.path("deliver", index, "privacy"), SqlMistakeError("no column is left.", "Keep one.")
            )
