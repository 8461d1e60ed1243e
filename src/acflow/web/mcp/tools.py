"""The tools. Each calls one use case of `app`, as pages and API do, and says of when its data are."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from acflow.app.rows import MOST_ROWS, Group, Measure, Metric, RowsQuery, Sort, Unit
from acflow.errors import ConfigError
from acflow.web.mcp.answers import Answer, Condition, answered, filters

if TYPE_CHECKING:
    import pyarrow as pa

    from acflow.web.site import Site

SECONDS = 20.0  # for a question in SQL
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="At most so many rows.")]
Table = Annotated[str, Field(description="A table, as list_tables names it.")]
Conditions = Annotated[list[Condition], Field(description="Which rows count; all if there are none.")]


class Tools:
    """The tools of one project. Without `with_rows`, addresses and telephone numbers are masked."""

    def __init__(self, site: "Site", *, with_rows: bool) -> None:
        """Take what the pages work with."""
        self._site, self._with_rows = site, with_rows

    # What there is, for the scope `read`.

    def list_entities(self) -> Answer:
        """List what can be read of an ActiveCampaign account: each entity, what it holds and what to know of it."""
        from acflow.app.entities import list_entities

        return answered(self._site, [entity.as_dict() for entity in list_entities()])

    def list_tables(self) -> Answer:
        """List the tables: how many rows each has, what it is, what it was made from, and of when."""
        from acflow.web.pages.data import tables_of

        return answered(self._site, [table.as_dict() for table in tables_of(self._site)])

    def describe_table(self, table: Table) -> Answer:
        """Describe the columns of a table: name, SQL type, and meaning. Do this before aggregate, rows or SQL."""
        from acflow.app.data import columns

        described = columns(self._site.project, table)
        return answered(self._site, [column.as_dict() for column in described], tables=[table])

    def list_flows(self) -> Answer:
        """List the data flows: where their rows come from and go, when they run next, and how the last run ended."""
        from acflow.app.flows import list_flows

        return answered(self._site, [flow.as_dict() for flow in list_flows(self._site.project, check=False)])

    def list_reports(self, role: Literal["marketing", "sales", "revops"] | None = None) -> Answer:
        """List the ready reports: each answers one question of marketing, sales or RevOps with defined measures."""
        from acflow.app.reports import as_dict, list_reports
        from acflow.reports import Role

        return answered(self._site, [as_dict(report) for report in list_reports(Role(role) if role else None)])

    def explain_measure(
        self, report: Annotated[str, Field(description="A report.")], column: str | None = None
    ) -> Answer:
        """Say what the columns of a report mean and how each measure is defined: formula, fields, edge cases."""
        from acflow.app.reports import explain

        return answered(self._site, explain(report, column))

    def run_report(
        self,
        report: Annotated[str, Field(description="A report, as list_reports names it.")],
        as_of: Annotated[str | None, Field(description="A day that is over, as 2026-11-28.")] = None,
        zone: Annotated[str | None, Field(description="Time zone of days and months, as Europe/Berlin.")] = None,
        days: Annotated[int | None, Field(ge=1, description="Length of the window that the report looks at.")] = None,
        limit: Limit = 200,
    ) -> Answer:
        """Answer a report. Prefer this to SQL where a report fits, and pass its notes on along with the figures."""
        from acflow.app.reports import answer, day_of, report_options

        texts = {name: str(value) for name, value in (("zone", zone), ("days", days)) if value}
        result = answer(self._site.project, report, report_options(self._site.project, day_of(as_of or ""), texts))
        rows = self._shown(result.table)
        return answered(
            self._site,
            {"report": report, "as_of": result.as_of, "rows": rows.slice(0, limit).to_pylist()},
            as_of=result.data_as_of,
            notes=result.notes,
            truncated=rows.num_rows > limit,
        )

    def aggregate(
        self,
        table: Table,
        metrics: Annotated[
            list[str], Field(min_length=1, description="`count` for rows, or `measure:column` such as `sum:amount`; "
                             f"measures: {', '.join(Measure)}.")
        ],
        group_by: Annotated[list[str], Field(description="Columns; one row for each combination. A date may be cut to "
                                               f"column:unit, as cdate:month; units: {', '.join(Unit)}.")] = [],  # noqa: B006 - read only
        where: Conditions = [],  # noqa: B006 - read only
        limit: Limit = 100,
    ) -> Answer:  # fmt: skip
        """Count, add up or average the rows of a table, by groups, the largest first. No row of a person is needed."""
        from acflow.app.aggregate import aggregate

        result = aggregate(
            self._site.project,
            table,
            [_group(text) for text in group_by],
            [_metric(text) for text in metrics],
            query=RowsQuery(filters=filters(where)),
            limit=limit + 1,
        )
        rows = self._shown(result.table.slice(0, limit)).to_pylist()
        truncated = result.table.num_rows > limit
        return answered(self._site, {"rows": rows}, tables=[table], notes=result.notes, truncated=truncated)

    def list_runs(self, limit: Annotated[int, Field(ge=1, le=200)] = 20) -> Answer:
        """List the last runs, newest first: when each began and ended, and how."""
        from acflow.app.runs import history

        project = self._site.project
        runs = history(project, limit) if project.has_ledger else []
        return answered(self._site, [run.as_dict() for run in runs])

    def get_run(
        self, run: Annotated[str, Field(description="The id of a run, the beginning of it, or last.")] = "last"
    ) -> Answer:
        """Return one run: what was proved of each entity, in plain words, and what became of each flow."""
        from acflow.app.certificate_words import in_words
        from acflow.app.runs import detail

        result = detail(self._site.project, run)
        words = [in_words(certificate) for certificate in result.certificates]
        flows = [flow.as_dict() for flow in result.flows]
        return answered(self._site, result.run.as_dict() | {"entities": words, "flows": flows})

    def get_certificate(self, entity: Annotated[str, Field(description="An entity, such as deals.")]) -> Answer:
        """Say what was proved of the reading that an entity's table holds: whether it is complete, and of when."""
        from acflow.app.certificate_words import in_words
        from acflow.app.runs import landed_certificates
        from acflow.entities import entity as named

        name = named(entity).name
        certificate = next((each for each in landed_certificates(self._site.project) if each["entity"] == name), None)
        if certificate is None:
            raise ConfigError(f"{name} has never been loaded here. Ask for a run of it first.")
        return answered(self._site, {"words": in_words(certificate), "certificate": certificate}, tables=[name])

    # Rows of people, for the scope `rows`.

    def read_rows(  # noqa: PLR0913, PLR0917 - each says something else of the rows
        self,
        table: Table,
        columns: Annotated[list[str], Field(description="Columns; all if none is named.")] = [],  # noqa: B006 - read only
        where: Conditions = [],  # noqa: B006 - read only
        search: Annotated[str, Field(description="A text that some column must hold.")] = "",
        sort: Annotated[str, Field(description="A column; with - before it the other way round.")] = "",
        limit: Limit = 50,
        after: Annotated[str | None, Field(description="`next` of the page before.")] = None,
    ) -> Answer:
        """Read rows of a table, page by page. For totals use aggregate, which counts every row."""
        from acflow.app.data import rows

        order = (Sort(sort.removeprefix("-"), descending=sort.startswith("-")),) if sort else ()
        query = RowsQuery(tuple(columns), search, filters(where), order, limit, after)
        page = rows(self._site.project, table, query)
        data = {"rows": page.table.to_pylist(), "next": page.next}
        return answered(self._site, data, tables=[table], truncated=page.next is not None)

    def query(
        self,
        sql: Annotated[str, Field(min_length=1, max_length=100_000, description="One statement that reads.")],
        limit: Limit = 100,
    ) -> Answer:
        """Ask the warehouse in SQL (DuckDB's, unless it is another database). Tables go by their plain names."""
        from acflow.app.query import query, tables_in

        warehouse = self._site.project.reader()
        result = query(warehouse, sql, seconds=SECONDS, rows=limit)
        tables = tables_in(sql, warehouse.dialect)
        return answered(self._site, {"rows": result.table.to_pylist()}, tables=tables, truncated=result.truncated)

    # What changes something, for the scope `run`.

    def run_flow(self, flow: Annotated[str, Field(description="A flow, or an entity, which is read.")]) -> Answer:
        """Run a flow with all that it needs, as soon as no other run goes on. Ask get_job how far it is."""
        return answered(self._site, self._site.service.ask(flow).as_dict())

    def get_job(self, handle: Annotated[str, Field(description="What run_flow gave.")]) -> Answer:
        """Say how far a run is that run_flow asked for: waiting, running, done or failed."""
        job = self._site.service.find(handle)
        if job is None:
            raise ConfigError("There is no such job. list_runs tells of runs that have ended.")
        return answered(self._site, job.as_dict())

    def _shown(self, table: "pa.Table") -> "pa.Table":
        from acflow.app.masking import masked

        return table if self._with_rows else masked(table)


def _group(text: str) -> Group:
    column, _, unit = text.rpartition(":")
    return Group(column, Unit(unit)) if column and unit in set(Unit) else Group(text)


def _metric(text: str) -> Metric:
    measure, _, column = text.partition(":")
    if measure not in set(Measure):
        raise ConfigError(f"{text!r} is no metric. Write measure:column; measures: {', '.join(Measure)}.")
    return Metric(Measure(measure), column)


BY_SCOPE: dict[str, tuple[str, ...]] = {
    "read": (
        "list_entities", "list_tables", "describe_table", "list_flows", "list_reports", "explain_measure",
        "run_report", "aggregate", "list_runs", "get_run", "get_certificate",
    ),
    "rows": ("read_rows", "query"),
    "run": ("run_flow", "get_job"),
}  # fmt: skip
"""The tools that each scope of a token allows."""


def allowed(tools: Tools, scopes: frozenset[str]) -> "list[tuple[Any, bool]]":
    """Return the tools that these scopes allow, and of each whether it changes something."""
    return [
        (getattr(tools, name), name == "run_flow") for scope in BY_SCOPE if scope in scopes for name in BY_SCOPE[scope]
    ]
