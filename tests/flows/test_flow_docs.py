"""Every file in the docs and the examples means something, and gives rows."""

import re
from pathlib import Path
from textwrap import indent

import pytest

from acflow.flows.compile_file import prepare_text
from acflow.flows.problems import FlowFileError
from acflow.flows.spec import Delivery, Flow
from tests.flows.flow_harness import Harness

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
ENV = {"ACTIVECAMPAIGN_URL": "https://you.example", "ACTIVECAMPAIGN_KEY": "k", "NOTIFY_SECRET": "s" * 32}
ADDRESSES = {"BI_DATABASE": "postgresql://bi@db.example/bi", "SLACK_URL": "https://hooks.slack.example/x"}
ELSEWHERE = [
    block
    for page in ("accounts", "destinations", "operating")
    for block in re.findall(
        r"^```yaml\n(.*?)^```$", (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
]


def computed(text: str) -> Harness:
    """Return a desk on which a file was computed."""
    harness = Harness()
    ready = harness.compute(text, ENV)
    assert all(harness.columns(name) == list(flow.columns.items()) for name, flow in ready.compiled.items())
    return harness


@pytest.mark.parametrize("block", [block for block in BLOCKS if not block.startswith("# refused")])
def test_each_file_of_the_page_can_be_computed(block: str) -> None:
    """What the page shows can be copied and used."""
    computed(block)


@pytest.mark.parametrize("block", ELSEWHERE)
def test_what_other_pages_put_into_the_file_has_no_mistake(block: str) -> None:
    """Destinations and notices; a destination alone belongs to a flow."""
    if block.startswith("deliver:"):
        block = "flows:\n  people:\n    entity: contacts\n" + indent(block, "    ")
    prepare_text(block, env=ENV | ADDRESSES | {"ACCOUNT": "north"})


def test_the_mistakes_of_the_page_are_told_as_it_says() -> None:
    """The page shows the true message, to the letter."""
    (refused,) = [block for block in BLOCKS if block.startswith("# refused")]
    (shown,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    with pytest.raises(FlowFileError) as caught:
        prepare_text(refused, env={})
    assert str(caught.value) == shown.rstrip("\n")


@pytest.mark.parametrize("model", [Flow, Delivery])
def test_the_page_tells_of_every_key(model: type[Flow] | type[Delivery]) -> None:
    """A key that is not on the page is one that nobody uses."""
    names = {spec.alias or name for name, spec in model.model_fields.items()} - {"description"}
    assert {name for name in names if f"`{name}" not in PAGE and f"{name}:" not in PAGE} == set()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_can_be_computed(path: Path) -> None:
    """From a fresh clone, over entities as they land."""
    computed(path.read_text(encoding="utf-8"))


def test_deals_are_enriched_with_their_contacts() -> None:
    """The person, the address, and no deal lost for want of either."""
    harness = computed((ROOT / "examples" / "deals-with-contacts.yaml").read_text(encoding="utf-8"))
    people = harness.connection.execute("SELECT id, person FROM results.deals_with_contacts ORDER BY id").fetchall()
    assert people == [(10, "Ada Byron"), (11, "Ada Byron"), (12, "Bo"), (13, None), (14, None)]
    assert harness.rows("deals_without_contact") == [(13, "Lost dog", None, 99), (14, "Nobody's", None, None)]


def test_all_six_entities_are_one_set() -> None:
    """Twelve records of four kinds, each told apart by kind and id."""
    harness = computed((ROOT / "examples" / "all-six.yaml").read_text(encoding="utf-8"))
    kinds = harness.connection.execute(
        "SELECT kind, count(*) FROM results.everything GROUP BY kind ORDER BY kind"
    ).fetchall()
    assert kinds == [("campaign", 4), ("contact", 3), ("deal", 5), ("list", 1)]
