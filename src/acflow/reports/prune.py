"""A report's SQL without what it does not use: columns of shared parts, and joins that only brought such columns.

Parts say all that any report may ask of them, and databases compute what a step says even if nobody asks for it.
"""

from sqlglot import exp
from sqlglot.optimizer.eliminate_ctes import eliminate_ctes
from sqlglot.optimizer.eliminate_joins import eliminate_joins
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify_columns import qualify_columns
from sqlglot.optimizer.scope import traverse_scope


def pruned(query: exp.Select) -> exp.Select:
    """Return a query with the same rows that computes nothing in vain; the query given is changed.

    Every table must be read by a step that names its columns. A left join goes only if its keys are unique by GROUP BY
    or DISTINCT, so that it could neither add rows nor take any away.

    Raises:
        LookupError: a column is in none of the steps that stand beside it.

    """
    # Results keep their names: an aggregate that is spelled out where it is named would be nested in another.
    qualify_columns(query, schema={}, expand_alias_refs=False)
    _check(query)
    pushdown_projections(query)
    for _ in range(2):  # a join that went may leave columns, and these another join
        pushdown_projections(eliminate_joins(query))  # type: ignore[no-untyped-call]
    eliminate_ctes(query)  # type: ignore[no-untyped-call]
    return query


def _check(query: exp.Select) -> None:
    """Make sure that every column is known to be a step's; a name of the SELECT's own results is none."""
    for scope in traverse_scope(query):
        lost = {column.name for column in scope.unqualified_columns}.difference(scope.expression.named_selects)
        if lost:
            raise LookupError(f"No step has {', '.join(sorted(lost))}.")
