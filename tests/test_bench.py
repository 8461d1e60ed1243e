"""What the bench derives from a log and from the operating system, checked where the answer is known."""

import sys
from pathlib import Path

import pytest

# The bench is scripts beside each other, not a package.
sys.path.append(str(Path(__file__).parent.parent / "bench"))

from child import run
from kept import load, save
from model import Job, Ran, Result, Traffic
from naive import table
from plan import QUICK, chosen, jobs
from report import Results, markdown
from traffic import Request, traffic

from accounts import compare


def spaced(gap: float, count: int, status: int = 200) -> list[Request]:
    """Return a log of pages at an even pace, after a probe that is none."""
    probe = Request(-9.0, "/api/3/users/me", 200)
    return [probe, *(Request(i * gap, "/api/3/contacts", status) for i in range(count))]


@pytest.mark.parametrize(("gap", "share"), [(0.2, 1.0), (0.25, 0.8), (1.0, 0.2)])
def test_budget_share_of_an_even_pace(gap: float, share: float) -> None:
    """Five a second is the whole budget, one a second a fifth of it, and the probe before does not count."""
    assert traffic(spaced(gap, 50), "contacts").steady == pytest.approx(share)


def test_slow_start_is_outside_the_steady_share() -> None:
    """What came before the first full second lowers only the share of the whole."""
    log = [Request(-10.0, "/api/3/contacts", 200), *spaced(0.2, 50)]
    seen = traffic(log, "contacts")
    assert seen.steady == pytest.approx(1.0)
    assert seen.whole == pytest.approx(50 / (9.8 + 10) / 5)


def test_refused_requests_use_no_budget() -> None:
    """A 429 is counted as such, and not as a page."""
    seen = traffic(spaced(0.2, 10) + spaced(0.1, 7, status=429), "contacts")
    assert (seen.pages, seen.limited) == (10, 7)


def test_peak_memory_is_the_programs_own(tmp_path: Path) -> None:
    """A program that held 150 MB is reported with no less."""
    ran = run([sys.executable, "-c", "held = b'x' * 150_000_000"], tmp_path, {}, bound=60)
    assert (ran.code, ran.cut) == (0, False)
    assert ran.peak_mb > 150


def test_endless_program_is_cut_at_its_bound(tmp_path: Path) -> None:
    """What never ends is stopped, and said to have been."""
    assert run([sys.executable, "-c", "while True: pass"], tmp_path, {}, bound=1).cut


def test_failed_tool_is_told_and_ends_nothing() -> None:
    """The table has a failed run's message, and the other tools' figures."""
    good = Job("cpu", "acflow", "contacts", 10)
    bad = Job("cpu", "dlt", "contacts", 10)
    ran = Ran(0, 1.0, 1.0, 50.0, cut=False)
    seen = Traffic(1, 0, 1, None, None)
    text = markdown(Results([Result(good, ran, seen, 10, 10), Result(bad, ran, seen, failure="exit 1: boom")]), QUICK)
    assert "exit 1: boom" in text
    assert "50 (1.0x)" in text


def test_every_tool_is_in_every_kind_of_run() -> None:
    """No comparison lacks one side, and `--only` narrows by every word."""
    every = jobs(QUICK)
    assert {("pace", t) for t in ("acflow", "airbyte20", "airbyte100", "dlt", "singer")} <= {
        (job.kind, job.tool) for job in every
    }
    assert {job.entity for job in chosen(every, ["deals", "pace"])} == {"deals"}


def test_results_survive_the_file(tmp_path: Path) -> None:
    """What was measured is read back as it was, so that a part of the table can be measured anew."""
    result = Result(
        Job("cpu", "dlt", "contacts", 10), Ran(0, 1.5, 1.0, 50.0, cut=False), Traffic(1, 0, 1, None, 0.5), 9
    )
    save(tmp_path / "results.json", [result])
    assert load(tmp_path / "results.json") == {result.job.label: result}
    assert load(tmp_path / "none.json") == {}


def test_the_page_on_why_tells_what_naive_readers_lose() -> None:
    """The table is what the script counts; whoever changes the company's life or a reader must look at it again."""
    page = (Path(__file__).parent.parent / "docs" / "why.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in page


def test_accounts_are_read_beside_each_other() -> None:
    """Three take hardly longer than one, each with its own budget."""
    alone, together = compare(3, 300)
    assert (alone.complete, together.complete) == (1, 3)
    assert together.ran.seconds < 2 * alone.ran.seconds + 3 * alone.ran.cpu
    assert len(together.shares) == 3
