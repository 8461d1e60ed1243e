"""The same rows give the same figures in DuckDB and in PostgreSQL, report by report."""

from decimal import Decimal

import pytest

from acflow.engine import Warehouse, open_warehouse
from acflow.reports import REPORTS, Basis, Options, Report, run_report
from tests.load.warehouse_harness import MAKERS
from tests.reports.random_world import make
from tests.reports.report_harness import DATASET, NOW, filled, near

RATES = {"usd": Decimal("0.9"), "jpy": Decimal("0.006")}
CHOSEN = {
    "history": Options(as_of=NOW),
    "no history": Options(as_of=NOW, basis=Basis.SENDS, zone="America/New_York", into="eur", rates=RATES),
}


@pytest.fixture(scope="module", params=CHOSEN)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Options, list[Warehouse]]:
    """Return one world in every kind of warehouse, and what is asked of it."""
    kept = request.param == "history"
    world = make(7, size=60, history=kept, log=kept)
    opened = []
    for kind, url_in in MAKERS.items():
        folder = tmp_path_factory.mktemp(kind)
        opened.append(filled(open_warehouse(url_in(folder), DATASET, patience=5.0, memory=256), world))
    return CHOSEN[request.param], opened


@pytest.mark.parametrize("one", REPORTS, ids=lambda one: one.name)
def test_every_report_is_the_same_in_every_warehouse(one: Report, case: tuple[Options, list[Warehouse]]) -> None:
    """Rows, order, types and figures agree; shares to twelve places, money to thousandths."""
    options, warehouses = case
    first, *others = [run_report(warehouse, one, options).to_pylist() for warehouse in warehouses]
    for other in others:
        assert [near(row) for row in other] == [near(row) for row in first]
