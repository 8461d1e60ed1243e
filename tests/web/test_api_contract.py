"""The HTTP API keeps its word: what its OpenAPI document allows is answered as the document says, and never by 5xx."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.web.page_harness import Pages
from tests.web.test_page_feeds import token

EXAMPLES = 6  # of each operation, some with names that there are
KNOWN = {"table": "deals", "name": "by_stage", "run": "last", "job_id": "nothing"}
REPORT = {"name": "pipeline"}
STARTS_RUNS = "/flows/{name}/run"  # is asked with names that there are not
COSTLY = {"/query": 3, "/reports/{name}": 3, "/flows/{name}/preview": 3}
UNSAYABLE: list[Any] = [positive_data_acceptance]  # no document can say which columns a table has, or what SQL is


def known(path: str) -> Mapping[str, str]:
    """Return names that there are, for an operation."""
    return REPORT if path.startswith("/reports") else {} if path == STARTS_RUNS else KNOWN


@pytest.fixture(scope="module")
def check(company: Pages) -> Callable[[Case[Any]], None]:
    """Ask the served project, and compare the answer with the document."""
    headers = {"Authorization": f"Bearer {token(company, 'read', 'rows', 'run')}"}

    def ask(case: Case[Any]) -> None:
        case.call_and_validate(base_url=f"{company.url}/api/v1", headers=headers, timeout=90, excluded_checks=UNSAYABLE)

    return ask


def ask_much(operation: APIOperation[Any, Any, Any, Any], check: Callable[[Case[Any]], None]) -> None:
    """Ask what the document allows of one operation, with names from anywhere and with names that there are."""
    names = {name: value for name, value in known(operation.path).items() if f"{{{name}}}" in operation.path}

    @settings(
        max_examples=COSTLY.get(operation.path, EXAMPLES),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), real=st.booleans())
    def ask(case: Case[Any], *, real: bool) -> None:
        if real and names:
            case.path_parameters.update(names)
        check(case)

    ask()


def test_every_answer_is_as_the_document_says(company: Pages, check: Callable[[Case[Any]], None]) -> None:
    """Of each operation: status, type and form of the body, with parameters from anywhere."""
    with company.client() as client:
        document = client.get("/api/v1/openapi.json").json()
    asked, faults = [], []
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        asked.append(operation.label)
        try:
            ask_much(operation, check)
        except BaseExceptionGroup as fault:
            faults.append(f"{operation.label}: {fault!r}\n{[str(part) for part in fault.exceptions]}")
    assert len(asked) > 10
    assert not faults, "\n".join(faults)
