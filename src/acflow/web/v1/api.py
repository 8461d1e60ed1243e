"""The routes of the API. Each calls one use case of `app`, checks a scope, and answers in JSON.

The ETag of what only reads is the generation of the warehouse, so a program that asks again pays for nothing.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from acflow.app.tokens import SCOPES, token_of
from acflow.errors import AcflowError, ConfigError, WarehouseBusyError
from acflow.web.site import Site
from acflow.web.values import to_json

PROBLEM = "application/problem+json"
MOST_ROWS = 1000
SECONDS = 20.0  # for a question in SQL
ABOUT = "Read-only use of what acflow has loaded, and runs. Give a token as `Authorization: Bearer acf_…`."
Answer = dict[str, Any]
T = TypeVar("T")


class NextStep(BaseModel):
    """What can be done next, and the entities or flows that it is about."""

    kind: str
    names: list[str] = []


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it, with the kind of error in a word and what can be done next."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str | None = None
    action: NextStep | None = None


class Question(BaseModel):
    """A question in SQL, which can only read."""

    sql: str = Field(min_length=1, max_length=100_000)
    rows: int = Field(default=100, ge=1, le=10_000)


class Api(FastAPI):
    """An application whose document says of its errors what they are: problems as RFC 9457 has them."""

    def openapi(self) -> Answer:
        """Return the document."""
        if self.openapi_schema is None:
            document = super().openapi()
            for operations in document["paths"].values():
                for method, operation in operations.items():
                    _document_answers(method, operation["responses"])
        return super().openapi()


def _document_answers(method: str, responses: Answer) -> None:
    responses.pop("422", None)  # FastAPI's own, which _on_invalid answers as 400
    for status, response in responses.items():
        if int(status) >= 400:  # noqa: PLR2004 - an error
            (content,) = response["content"].values()
            response["content"] = {PROBLEM: content}
    if method == "get":
        responses["304"] = {"description": "nothing has changed since the answer whose ETag If-None-Match names"}


def make_api(site: Site) -> FastAPI:
    """Return the application."""
    errors: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": text}
        for status, text in {
            400: "the question is wrong",
            401: "no token, or none that is known",
            403: "the token lacks a scope",
            404: "there is no such thing",
            503: "a run is writing; ask again",
        }.items()
    }
    api = Api(
        title="acflow", version="1", description=ABOUT, docs_url=None, redoc_url=None, responses=errors,
        openapi_url="/openapi.json",
    )  # fmt: skip
    api.exception_handler(StarletteHTTPException)(_on_http)
    api.exception_handler(RequestValidationError)(_on_invalid)
    api.exception_handler(AcflowError)(_on_ours)
    _data_routes(api, site)
    _flow_routes(api, site)
    _report_routes(api, site)
    return api


def scope(site: Site, name: str) -> Any:  # noqa: ANN401 - what FastAPI calls a dependency
    """Return the check that a request's token has a scope."""
    bearer = HTTPBearer(auto_error=False, description=f"A token with the scope `{name}`: {SCOPES[name]}.")

    def check(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
        token = token_of(site.people_state, given.credentials) if given else None
        if token is None:
            raise HTTPException(401, "Give a token that is known.", {"WWW-Authenticate": "Bearer"})
        if name not in token.scopes:
            raise HTTPException(403, f"This token lacks the scope `{name}`.")

    return Depends(check)


def tagged(site: Site, request: Request, make: Callable[[], Any]) -> Response:
    """Return an answer with its ETag, or that it is the same as last time."""
    tag = f'"{site.generation}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in [part.strip() for part in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return _json(make(), headers=headers)


def _json(content: Any, status: int = 200, headers: dict[str, str] | None = None, kind: str = "") -> Response:  # noqa: ANN401 - JSON
    return Response(to_json(content), status, headers, kind or "application/json")


def _data_routes(api: FastAPI, site: Site) -> None:
    from acflow.app import data
    from acflow.app.accounts import list_accounts

    @api.get("/accounts", dependencies=[scope(site, "read")], response_model=list[Answer])
    def accounts() -> Response:
        """List the accounts of the project, where there are several; `?_account=NAME` with any path chooses one."""
        return _json([account.as_dict() for account in list_accounts(site.project)])

    @api.get("/tables", dependencies=[scope(site, "read")], response_model=list[Answer])
    def tables(request: Request) -> Response:
        """List the tables of the warehouse."""
        return tagged(site, request, lambda: [table.as_dict() for table in data.tables(site.project)])

    @api.get("/tables/{table}", dependencies=[scope(site, "read")], response_model=Answer)
    def columns(request: Request, table: str) -> Response:
        """Describe the columns of a table."""
        name = _known(lambda: data.table_named(site.project, table))

        def described() -> Answer:
            return {"name": name, "columns": [each.as_dict() for each in data.columns(site.project, name)]}

        return tagged(site, request, described)

    @api.get("/tables/{table}/rows", dependencies=[scope(site, "rows")], response_model=Answer)
    def rows(  # noqa: PLR0913, PLR0917 - each is a parameter of the address
        request: Request,
        table: str,
        q: Annotated[str, Query(description="A text that some column must hold.")] = "",
        columns: Annotated[str, Query(description="Columns with commas between; all if none.")] = "",
        where: Annotated[list[str] | None, Query(description="Conditions such as `amount:at_least:100`.")] = None,
        sort: Annotated[str, Query(description="A column; with - before it the other way round.")] = "",
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 100,
        after: Annotated[str | None, Query(description="`next` of the page before.")] = None,
    ) -> Response:
        """Return rows, page by page: `next` names the page behind this one."""
        name = _known(lambda: data.table_named(site.project, table))
        query = _rows_query(q, columns, where or [], sort, limit, after)

        def page() -> Answer:
            found = data.rows(site.project, name, query)
            return {"rows": found.table.to_pylist(), "next": found.next}

        return tagged(site, request, page)

    @api.post("/query", dependencies=[scope(site, "rows")], response_model=Answer)
    def ask(question: Question) -> Response:
        """Answer a question in SQL."""
        from acflow.app.query import query

        result = query(site.project.reader(), question.sql, seconds=SECONDS, rows=question.rows)
        return _json({"rows": result.table.to_pylist(), "truncated": result.truncated})


def _rows_query(q: str, columns: str, where: list[str], sort: str, limit: int, after: str | None) -> Any:  # noqa: ANN401, PLR0913, PLR0917 - RowsQuery
    from acflow.app.rows import Filter, Operator, RowsQuery, Sort

    filters = []
    for text in where:
        column, _, rest = text.partition(":")
        operator, colon, value = rest.partition(":")
        if operator not in set(Operator):
            raise ConfigError(
                f"{text!r} is no condition. Write column:operator:value; operators: {', '.join(Operator)}."
            )
        filters.append(Filter(column, Operator(operator), (value,) if colon else ()))
    return RowsQuery(
        columns=tuple(name.strip() for name in columns.split(",") if name.strip()),
        search=q,
        filters=tuple(filters),
        sort=(Sort(sort.removeprefix("-"), descending=sort.startswith("-")),) if sort else (),
        limit=limit,
        after=after,
    )


def _flow_routes(api: FastAPI, site: Site) -> None:
    from acflow.app import flows, runs

    @api.get("/flows", dependencies=[scope(site, "read")], response_model=list[Answer])
    def list_flows() -> Response:
        """List the flows and how they stand."""
        return _json([info.as_dict() for info in flows.list_flows(site.project, check=False)])

    @api.get("/flows/{name}", dependencies=[scope(site, "read")], response_model=Answer)
    def flow(name: str) -> Response:
        """Return all about one flow."""
        return _json(_known(lambda: flows.flow_detail(site.project, name)).as_dict())

    @api.get("/flows/{name}/preview", dependencies=[scope(site, "rows")], response_model=Answer)
    def preview(name: str, limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 10) -> Response:
        """Compute the first rows of a flow; nothing is kept."""
        _flow(site, name)
        with flows.preview_flow(site.project, name, limit) as reader:
            return _json({"rows": reader.read_all().to_pylist()})

    @api.post("/flows/{name}/run", dependencies=[scope(site, "run")], status_code=202, response_model=Answer)
    def run_flow(name: str) -> Response:
        """Run a flow as soon as no other run goes on; the answer names a job to ask after."""
        _flow(site, name)
        job = site.service.ask(name)
        return _json(job.as_dict(), 202, {"Location": f"/api/v1/jobs/{job.job_id}"})

    @api.get("/jobs/{job_id}", dependencies=[scope(site, "run")], response_model=Answer)
    def job(job_id: str) -> Response:
        """Tell how far a job has come."""
        found = site.service.find(job_id)
        if found is None:
            raise HTTPException(404, "There is no such job.")
        return _json(found.as_dict())

    @api.get("/runs", dependencies=[scope(site, "read")], response_model=list[Answer])
    def list_runs(limit: Annotated[int, Query(ge=1, le=200)] = 20, before: str | None = None) -> Response:
        """List the runs, newest first; `before` is the id of the run to go on behind."""
        found = runs.history(site.project, limit, before) if site.project.has_ledger else []
        return _json([run.as_dict() for run in found])

    @api.get("/runs/{run}", dependencies=[scope(site, "read")], response_model=Answer)
    def run(run: str) -> Response:
        """Return one run with its certificates."""
        return _json(_known(lambda: runs.detail(site.project, run)).as_dict())


def _report_routes(api: FastAPI, site: Site) -> None:
    from acflow.app import reports

    @api.get("/reports", dependencies=[scope(site, "read")], response_model=list[Answer])
    def list_reports() -> Response:
        """List the reports."""
        return _json([reports.as_dict(report) for report in reports.list_reports()])

    @api.get("/reports/{name}", dependencies=[scope(site, "rows")], response_model=Answer)
    def report(request: Request, name: str) -> Response:
        """Answer a report from what is loaded."""
        if name not in {known.name for known in reports.list_reports()}:
            raise HTTPException(404, f"There is no report {name!r}.")

        def answered() -> Answer:
            found = reports.answer(site.project, name)
            return {
                "as_of": found.as_of,
                "data_as_of": found.oldest,
                "notes": list(found.notes),
                "rows": found.table.to_pylist(),
            }

        return tagged(site, request, answered)


def _flow(site: Site, name: str) -> None:
    if name not in site.project.file.flows:
        raise HTTPException(404, f"There is no flow {name!r}.")


def _known(make: Callable[[], T]) -> T:
    try:
        return make()
    except ConfigError as error:
        raise HTTPException(404, str(error)) from None


def _problem(
    status: int, title: str, detail: str, headers: dict[str, str] | None = None, error: AcflowError | None = None
) -> Response:
    problem = Problem(title=title, status=status, detail=detail)
    if error is not None:
        problem.code = error.code
        if step := error.action:
            problem.action = NextStep(kind=step.kind, names=list(step.names))
    return _json(problem.model_dump(exclude_none=True), status, headers, PROBLEM)


def _on_http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, StarletteHTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, StarletteHTTPException) else None
    titles = {401: "Not known", 403: "Not allowed", 404: "Not here", 405: "Not this way"}
    detail = str(error.detail) if isinstance(error, StarletteHTTPException) else str(error)
    return _problem(status, titles.get(status, "Not done"), detail, headers)


def _on_invalid(_: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    detail = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in faults)
    return _problem(400, "The question is wrong", detail)


def _on_ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, AcflowError)  # noqa: S101 - registered for these
    if isinstance(error, WarehouseBusyError):
        return _problem(503, "A run is writing", "Ask again in a minute.", {"Retry-After": "60"}, error=error)
    if isinstance(error, ConfigError):
        return _problem(400, "The question is wrong", str(error), error=error)
    return _problem(503, "Not now", str(error), error=error)
