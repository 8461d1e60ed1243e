"""The whole job on a real account. Left out unless ACFLOW_LIVE_URL and ACFLOW_LIVE_KEY name one; it only reads."""

import os
from pathlib import Path

import pytest

from acflow.engine import count_rows, open_warehouse
from acflow.entities import ENTITIES
from acflow.settings import load_settings
from acflow.source.certificate import Verdict
from acflow.source.client import Client
from tests.run_harness import run

URL, KEY = os.environ.get("ACFLOW_LIVE_URL", ""), os.environ.get("ACFLOW_LIVE_KEY", "")
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not (URL and KEY), reason="ACFLOW_LIVE_URL and ACFLOW_LIVE_KEY name no account"),
]


def test_a_real_account_is_read_and_proved(tmp_path: Path) -> None:
    """Every entity that the key may read lands with as many rows as were certified; what it may not read is told."""
    settings = load_settings(
        url=URL, key=KEY, warehouse=f"duckdb:///{tmp_path / 'live.duckdb'}", state=tmp_path / ".acflow"
    )
    with Client(settings.url, KEY) as client:
        assert client.probe()["id"]
    report = run(settings, ENTITIES)
    warehouse = open_warehouse(settings.warehouse, settings.dataset)
    for certificate in report.certificates:
        assert certificate.verdict in {Verdict.COMPLETE, Verdict.MOVED, Verdict.FORBIDDEN}, certificate.reason
        if certificate.landed:
            assert count_rows(warehouse, certificate.entity) == certificate.received
