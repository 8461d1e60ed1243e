"""What `acflow report` refuses, and that it then leaves nothing behind."""

from pathlib import Path

import pytest

from acflow.cli.app import start

LEFT = ("acflow.duckdb",)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--out", "report.docx"], 2, "A file that ends with .docx cannot be written. Use .html, .pdf, .png, .svg."),
        (["--out", "report"], 2, "A file that ends with nothing cannot be written."),
        (["--figure", "pipeline", "--out", "p.html"], 2, "Use .svg, .png, .pdf, .json."),
        (["--figure", "pipelin", "--out", "p.svg"], 2, "There is no figure 'pipelin'. Did you mean pipeline?"),
        (["bosses"], 2, "bosses"),
        ([], 2, "Run `acflow run` first."),
    ],
    ids=["ending", "no ending", "figure as page", "misspelt", "role", "nothing landed"],
)
def test_a_report_that_cannot_be_made_is_refused(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message holds the fact and the next step; no file is begun."""
    import duckdb

    duckdb.connect(LEFT[0]).close()
    assert start(["report", *arguments]) == code
    heard = capsys.readouterr()
    assert said in heard.err
    assert heard.out == ""
    assert tuple(sorted(path.name for path in Path().iterdir())) == LEFT


def test_without_a_warehouse_nothing_can_be_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder in which nothing was read is said to be one."""
    assert start(["report"]) == 2
    assert "Run `acflow run` first." in capsys.readouterr().err
    assert list(Path().iterdir()) == []
