"""Bad input: all of it refused before anything is read or written, with the place and the fix."""

import json
import resource
import time
from pathlib import Path

import pytest

from acflow.errors import Action, ConfigError
from acflow.flows.compile_file import prepare_flows, prepare_text
from acflow.flows.file import load_flow_file, load_flow_text
from acflow.flows.function_hints import HERE
from acflow.flows.problems import FlowFileError
from tests.flows.flow_harness import only, problems

ONE_OF_EACH = """
acount: {}
flows:
  contacts: {entity: contact}
  open_deals:
    entity: deals
    where: statsu = 0
    schedule: every day
  twice: {from: open_dealz}
  evil: {sql: "DROP TABLE contacts"}
  ring: {from: ring}
"""


def flow(text: str) -> str:
    """Return a file with one flow in braces."""
    return f"flows: {{a: {{{text}}}}}"


@pytest.mark.parametrize(
    ("text", "key", "message", "fix"),
    [
        (flow("entity: deals, columns: [titel]"), "columns[0]", "unknown column `titel`", "`title`"),
        (
            flow("entity: deals, columns: [id, n], formula: {n: id + 1}"),
            "columns[1]",
            "unknown column `n`",
            "from` this",
        ),
        (flow("entity: deals, where: titel = 'x'"), "where", "unknown column `titel`", "`title`"),
        (flow("entity: deals, sort: [-amonut]"), "sort[0]", "unknown column `amonut`", "`amount`"),
        (flow("entity: deals, group_by: stge, metrics: {n: count(*)}"), "group_by[0]", "unknown column", "`stage`"),
        (flow("entity: deals, metrics: {n: sum(amonut)}"), "metrics.n", "unknown column `amonut`", "`amount`"),
        (flow("entity: deals, formula: {n: amonut + 1}"), "formula.n", "unknown column `amonut`", "`amount`"),
        (flow("sql: select emial from contacts"), "sql", "unknown column `emial`", "`email`"),
        (flow("sql: select c.emial from contacts c"), "sql", "unknown column `emial`", "`email`"),
        (flow("entity: deal"), "entity", "unknown entity `deal`", "`deals`"),
        (flow("from: contcts"), "from", "unknown flow or entity `contcts`", "`contacts`"),
        (flow("sql: select 1 as n from contcts"), "sql", "unknown flow or entity `contcts`", "`contacts`"),
        (flow("append: [lists, from]"), "append[1]", "unknown flow or entity `from`", "`forms`"),
        (flow("join: {left: lists, right: listen, on: id}"), "join.right", "unknown flow or entity", "`lists`"),
        (flow("join: {left: a, right: forms, on: id}"), "", "a circle: a -> a", "entity"),
        (flow("entity: deals, where: status = 0; status = 1"), "where", "two statements", "`;`"),
        (flow("sql: select 1 as n; select 2 as n"), "sql", "two statements", "`;`"),
        (flow("entity: deals, formula: {n: title * 2}"), "formula.n", "`*` does not take text and a whole", "cast"),
        (flow("entity: deals, formula: {n: nosuch(title)}"), "formula.n", "no function `nosuch`", ""),
        (flow("entity: deals, formula: {n: sum(amount)}"), "formula.n", "an aggregate over many rows", "`metrics`"),
        (flow("entity: deals, where: count(*) > 1"), "where", "an aggregate over many rows", "`metrics`"),
        (flow("entity: deals, where: rank() over () = 1"), "where", "a window function", "`formula`"),
        (flow("entity: deals, metrics: {n: sum(amount) over ()}"), "metrics.n", "a window function", "`formula`"),
        (flow("entity: deals, metrics: {n: title}"), "metrics.n", "no aggregate", "count(*)"),
        (flow("entity: deals, metrics: {n: sum(amount) + value}"), "metrics.n", "must appear in the GROUP BY", ""),
        (flow("entity: deals, group_by: stage, metrics: {stage: count(*)}"), "metrics.stage", "also in `group_by`", ""),
        (flow("entity: deals, group_by: stage"), "", "`group_by` without `metrics`", "`distinct: true`"),
        (flow("entity: deals, where: title"), "where", "must be a condition; this is text", "Compare"),
        (
            flow("entity: deals, where: status = 'open'"),
            "where",
            "holds whole number; 'open' is none",
            "`status_label`",
        ),
        (flow("entity: deals, where: title = 1"), "where", "holds text; 1 is none", "quotes"),
        (flow("entity: deals, where: isDisabled = 2"), "where", "holds true or false; 2 is none", "not isDisabled"),
        (flow("entity: deals, where: cdate > 'today'"), "where", "'today' is none", "2026-01-31"),
        (flow("entity: deals, where: title = value"), "where", "`title` holds text, `value` holds whole", "cast"),
        (flow('entity: deals, where: title = "Big"'), "where", "unknown column `Big`", "'Big'"),
        (flow("entity: deals, where: contact in (select id from contacts)"), "where", "a query inside", "`join`"),
        (flow("entity: deals, where: contacts.id = 1"), "where", "names a table", "`id`"),
        (flow("entity: deals, where: status ="), "where", "cannot be understood", ""),
        (flow("entity: deals, where: title = 'it"), "where", "no SQL", "quotes"),
        (flow("entity: deals, columns: [id, {ID: value}]"), "columns[1]", "two columns named `ID`", "Rename"),
        (flow("entity: deals, columns: [{id: {type: numbr}}]"), "columns[0]", "`numbr` is no type", ""),
        (flow("entity: deals, columns: [{id: {type: date}}]"), "columns[0]", "no cast turns into date", ""),
        (flow("entity: deals, columns: [{id: {typ: text}}]"), "columns[0]", "unknown key `typ`", "`type`"),
        (flow("entity: deals, columns: [{all: '*'}]"), "columns[0]", "`*` stands for many columns", "alone"),
        (flow("entity: deals, columns: [[id]]"), "columns[0]", "a column is a name", ""),
        (flow("entity: deals, limit: 0"), "limit", "greater than or equal to 1", ""),
        (flow("entity: deals, limit: ten"), "limit", "a whole number, not `ten`", ""),
        (flow("entity: deals, distinct: perhaps"), "distinct", "true or false, not `perhaps`", ""),
        (flow("entity: deals, wher: status = 0"), "wher", "unknown key `wher`", "`where`"),
        (flow("entity: deals, from: lists"), "", "2 sources: entity, from", "Keep one"),
        (flow("where: status = 0"), "", "no source", "entity, from, join, append, sql"),
        (flow("entity: deals, mode: upsert"), "mode", "`upsert` is none of replace, append, merge", ""),
        (flow("entity: deals, mode: replac"), "mode", "`replac` is none of", "`replace`"),
        (flow("sql: select id from deals, mode: merge"), "mode", "merge needs a key", "`key: [id]`"),
        (flow("entity: deals, mode: merge, key: [ide]"), "key", "unknown column `ide`", "`id`"),
        (flow("entity: deals, key: [id]"), "", "`key` is for merge alone", "merge"),
        (flow("append: [deals, deals]"), "append[1]", "`deals` stands twice", ""),
        (flow("append: deals"), "append", "must be a list", ""),
        (
            flow("join: {left: deals, right: contacts, on: {contact: id}, type: outer}"),
            "join.type",
            "`outer` is none",
            "",
        ),
        (flow("join: {left: deals, right: contacts}"), "join", "`on` is missing", ""),
        (flow("entity: deals, schedule: every day"), "schedule", "five fields", ""),
        (flow("entity: deals, schedule: '61 * * * *'"), "schedule", "not a schedule that ever comes", ""),
        (flow("entity: deals, schedule: '0 0 31 2 *'"), "schedule", "not a schedule that ever comes", ""),
        (flow("entity: deals, schedule: 15m"), "schedule", "write {every: 15m}", ""),
        (flow("entity: deals, schedule: {every: quarter}"), "schedule.every", "15m, 1h or 1d", ""),
        (flow("entity: deals, schedule: {every: 0m}"), "schedule.every", "15m, 1h or 1d", ""),
        (flow("entity: deals, schedule: {every: 1d, timezone: Europe/Rom}"), "schedule.timezone", "time zone", ""),
        (flow("entity: deals, schedule: {every: 1d, cron: '* * * * *'}"), "schedule", "either `cron` or `every`", ""),
        (flow("entity: deals, deliver: out.xls"), "deliver", "no kind of destination", ".xlsx"),
        (flow("entity: deals, deliver: [postgresq://h/d]"), "deliver[0]", "no kind of destination", "postgresql"),
        (flow("entity: deals, deliver: [{to: a.csv, mode: merge}]"), "deliver[0]", "only a database can merge", ""),
        (flow("entity: deals, deliver: [{to: a.csv, mode: append}]"), "deliver[0]", "always written whole", ""),
        (flow("entity: deals, deliver: [a.csv, a.csv]"), "deliver[1]", "the same place", "own file"),
        (flow("entity: deals, deliver: [a.csv, ./b/../a.csv]"), "deliver[1]", "the same place", "own file"),
        (flow("entity: deals, deliver: [{to: a.csv, heder: false}]"), "deliver[0].heder", "unknown key", "`header`"),
        (flow("entity: deals, deliver: [bigquery://p]"), "deliver[0]", "no kind of destination", "Use one of: "),
        (flow("entity: deals, deliver: [sqlit:///a]"), "deliver[0]", "no kind of destination", "sqlite"),
        (
            flow("entity: contacts, deliver: {to: a.csv, privacy: {emial: hash}}"),
            "deliver[0].privacy.emial",
            "unknown column `emial`",
            "`email`",
        ),
        (
            flow("entity: contacts, deliver: {to: a.csv, privacy: {id: mask}}"),
            "deliver[0].privacy.id",
            "holds whole number, and only text can be masked",
            "hash",
        ),
        (
            flow("entity: contacts, deliver: {to: a.csv, privacy: {email: hahs}}"),
            "deliver.privacy.email",
            "`hahs` is none of hash, mask, drop",
            "`hash`",
        ),
        (
            flow("sql: select 1 as n, deliver: {to: a.csv, privacy: {n: drop}}"),
            "deliver[0].privacy",
            "no column is left",
            "",
        ),
        (flow("entity: deals, formula: {n: cast(title as nonsense)}"), "formula.n", "`nonsense` is no type", "`text`"),
        (flow("entity: deals, where: not title"), "where", "`title` holds text, and a condition", "`title = …`"),
        (flow("entity: deals, formula: {n: 'if(id, 1, 2)'}"), "formula.n", "`id` holds whole number, and a", "Compare"),
        (flow("entity: deals, where: id > 1 && id < 3"), "where", "`&&` is no word", "`and`"),
        (flow("entity: deals, where: (id > 1"), "where", "a bracket is not closed", ""),
        (flow("entity: deals, formula: {n: all(}"), "formula.n", "cannot be understood", "missing"),
        (flow("sql: select all( as n"), "sql", "cannot be understood", ""),
        (flow("entity: deals, formula: {n: columns(*)}"), "formula.n", "names no column", "Name one"),
        (flow("entity: deals, formula: {n: '#1'}"), "formula.n", "names no column", "Name one"),
        (flow("entity: deals, formula: {n: 'unnest([1, 2])'}"), "formula.n", "makes several values of one", "`sql`"),
        (flow("""entity: deals, formula: {n: "strftime(title, '%Y')"}"""), "formula.n", "does not take text", "cast"),
        (flow("""entity: deals, formula: {n: "to_char(cdate, 'YYYY')"}"""), "formula.n", "no function", "strftime"),
        (flow("""entity: deals, formula: {n: "text(cdate, 'yyyy')"}"""), "formula.n", "no function", "strftime"),
        (flow("entity: deals, formula: {n: 'vlookup(id, 1)'}"), "formula.n", "no function", "`join`"),
        (flow("entity: deals, formula: {n: get_type(title)}"), "formula.n", "cannot be kept", "cast"),
        (flow("entity: deals, formula: {n: array_concat(title)}"), "formula.n", "does not take text", "cast"),
        (flow("entity: deals, formula: {n: row(title)}"), "formula.n", "cannot be kept", "cast"),
        (flow("sql: select get_type(title) as n from deals"), "sql", "cannot be kept", "cast"),
        (flow("entity: deals, formula: {n: version()}"), "formula.n", "`version` asks the system", "columns"),
        (flow("entity: deals, formula: {n: current_user}"), "formula.n", "`current_user` asks the system", "columns"),
        (flow("sql: DROP TABLE contacts"), "sql", "`DROP` cannot begin a query", "SELECT"),
        (flow("sql: with gone as (delete from lists returning *) select * from gone"), "sql", "`DELETE` changes", ""),
        (flow("sql: select * from read_csv('x.csv')"), "sql", "is no flow", ""),
        (flow("sql: select * from 'x.csv'"), "sql", "unknown flow or entity `x.csv`", ""),
        (flow("sql: select * from information_schema.tables"), "sql", "names a schema", "`tables`"),
        (flow("sql: select n from range(3) t(n)"), "sql", "`range` ends one later", "generate_series"),
        (flow("sql: select count(*) from lists"), "sql", "has no name", "`… as name`"),
        (flow('sql: "select id, name as id from lists"'), "sql", "two columns named `id`", "Rename"),
        (flow('sql: "select columns(*) as n from lists"'), "sql", "two columns named `n`", "Rename"),
        (flow("sql: select $1 as n from lists"), "sql", "placeholder", ""),
        (flow("sql: selec id from lists"), "sql", "`SELEC` cannot begin", "SELECT"),
        (flow("sql: ''"), "sql", "at least 1 character", ""),
        ("warehouse: mysql://h/d", "warehouse", "no kind of warehouse", "`duckdb`"),
        ("warehouse: acflow.duckdb", "warehouse", "no kind of warehouse", "duckdb:///acflow.duckdb"),
        ("account: {url: you.api-us1.com}", "account", "no web address", "https://"),
        ("timezone: Rome", "timezone", "time zone", ""),
        ("acount: {}", "acount", "unknown key `acount`", "`account`"),
        ("- flows", "", "must hold `account` and `flows`", ""),
        ("flows: [contacts]", "flows", "a name and a flow", ""),
        ("flows: {a: deals}", "flows.a", "mapping", ""),
        ("flows: {deals: {entity: lists}}", "flows.deals", "the name of an entity", "`entity: deals`"),
        ("flows: {my flow: {entity: lists}}", "flows.my flow", "cannot be a table", "`my_flow`"),
        ("flows: {a: {entity: lists}, A: {entity: lists}}", "flows.A", "the same name as `a`", ""),
        ("flows: {a: {entity: lists}, a: {entity: lists}}", "flows.a", "`a` stands twice; the first is on line 1", ""),
        ("flows: {a: {entity: lists, entity: lists}}", "flows.a.entity", "`entity` stands twice", ""),
        ("flows:\n  a: {entity: lists\n  b: 1", "", "not YAML", "indentation"),
        ("flows:\n\ta: 1", "", "not YAML", ""),
        ("flows: {a: {entity: !secret lists}}", "flows.a.entity", "the tag `!secret` means nothing", "Remove"),
        (flow("entity: deals, formula: {d: cast(id as date)}"), "formula.d", "no cast turns into date", ""),
        ("flows: &a {b: *a}", "flows.b", "an alias that holds itself", ""),
    ],
)
def test_each_mistake_is_placed_explained_and_given_a_fix(text: str, key: str, message: str, fix: str) -> None:
    """One mistake, one problem: where it is, what it is, and what to write."""
    found = problems(text)
    short = {
        problem.key.removeprefix("flows.a").removeprefix(".") if key[:5] != "flows" else problem.key
        for problem in found
    }
    assert any(message in problem.message and fix in problem.fix for problem in found), found
    assert key in short


def test_every_mistake_of_the_file_comes_at_once() -> None:
    """Nobody wants to fix a file eight times."""
    keys = [problem.key for problem in problems(ONE_OF_EACH)]
    assert keys == [
        "acount",
        "flows.contacts.entity",
        "flows.open_deals.where",
        "flows.open_deals.schedule",
        "flows.twice.from",
        "flows.evil.sql",
        "flows.ring",
    ]


def test_a_mistake_stands_on_its_line(tmp_path: Path) -> None:
    """The message begins like a compiler's, so that an editor can jump there."""
    path = tmp_path / "acflow.yaml"
    path.write_text(ONE_OF_EACH)
    with pytest.raises(FlowFileError) as caught:
        prepare_flows(path, env={})
    lines = str(caught.value).splitlines()
    assert lines[0] == "7 mistakes in the flow file. Nothing was read or written."
    assert lines[3] == (f"  {path}:7:12: flows.open_deals.where: unknown column `statsu`. Did you mean `status`?")
    assert caught.value.exit_code == 2


def test_a_mistake_inside_a_block_of_sql_stands_on_its_own_line() -> None:
    """A long query is of no use to the reader if only its first line is named."""
    problem = only("flows:\n  a:\n    sql: |\n      select id,\n        emial\n      from contacts\n")
    assert (problem.line, problem.message) == (5, "unknown column `emial`.")


def test_a_mistake_is_not_told_again_by_what_uses_it() -> None:
    """One unknown column is one mistake, however much is built on it."""
    text = """
        flows:
          a:
            entity: deals
            columns: [id, titel]
            formula: {loud: upper(titel), twice: loud || loud}
            sort: loud
          b: {from: a, where: titel = 'x'}
          c: {join: {left: b, right: contacts, on: id}}
    """
    assert only(text).key == "flows.a.columns[1]"


def test_a_broken_flow_does_not_hide_mistakes_beside_it() -> None:
    """A wrong schedule says nothing about the columns, so those are looked at too."""
    text = "flows: {a: {entity: deals, schedule: x, columns: [id], where: statsu = 0}, b: {from: a, columns: [ide]}}"
    assert [problem.key for problem in problems(text)] == ["flows.a.schedule", "flows.a.where", "flows.b.columns[0]"]


def test_a_circle_is_named_in_full() -> None:
    """Three flows that wait for each other, and one that waits for them."""
    text = "flows: {x: {from: b}, b: {append: [lists, c]}, c: {sql: select id from d}, d: {from: b}}"
    assert only(text).message == "a circle: b -> c -> d -> b."


def test_a_missing_variable_is_named_and_no_secret_is_shown() -> None:
    """The file shows `${NAME}`, and so do its errors, also where the value itself is wrong."""
    text = "account: {url: ${URL}, key: ${KEY}}\nwarehouse: ${WAREHOUSE}\nflows: {a: {entity: lists, mode: ${MODE}}}"
    found = problems(text, {"URL": "hush-url", "WAREHOUSE": "hush://pw@h", "MODE": "hush-mode"})
    told = "\n".join(map(str, found))
    assert "the environment variable KEY is not set" in told
    assert "`${MODE}` is none of" in told
    assert "hush-" not in told
    assert "pw" not in told


def test_a_key_that_looks_like_a_number_is_kept_and_never_shown() -> None:
    """YAML takes 123e4567 for a number without end, and a key in the wrong shape must not be printed."""
    for key in ("123e4567", "0123", "12345678901234567890", "true"):
        account = load_flow_text(f"account: {{key: {key}}}", env={}).account
        assert account.key is not None
        assert account.key.get_secret_value() == key
    told = "".join(map(str, problems("account: {key: [hush]}\nwarehouse: [hush]"))) + str(only("account: hush"))
    assert "hush" not in told


def test_variables_reach_their_place_whole() -> None:
    """A secret may hold what is special to YAML, and stands inside braces as well as outside."""
    value = "a: {b} # 'c'"
    file = load_flow_text("account: {url: 'https://x', key: ${KEY}}\nwarehouse: duckdb:///${KEY}", env={"KEY": value})
    assert file.account.key is not None
    assert file.account.key.get_secret_value() == value
    assert file.warehouse == f"duckdb:///{value}"
    assert value not in repr(file)


def test_loading_alone_checks_names_but_no_columns() -> None:
    """`acflow flows` lists what there is, even while a column is wrong."""
    assert list(load_flow_text("flows: {a: {entity: deals, where: nonsense = 1}}", env={}).flows) == ["a"]
    with pytest.raises(FlowFileError, match="unknown entity"):
        load_flow_text("flows: {a: {entity: deal}}", env={})


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    """The next step is in the message."""
    with pytest.raises(ConfigError, match="does not exist") as caught:
        load_flow_file(tmp_path / "acflow.yaml")
    assert caught.value.action == Action("write_flows")


@pytest.mark.parametrize("function", sorted(HERE))
def test_what_stands_for_a_function_from_elsewhere_is_itself_understood(function: str) -> None:
    """Each piece of advice is an expression that works as it is written."""
    step = {"group_by": ["stage"], "metrics": {"n": HERE[function]}} if "filter" in HERE[function] else {}
    made = {"entity": "deals", **(step or {"formula": {"n": HERE[function]}})}
    assert prepare_text(json.dumps({"flows": {"a": made}}), env={}).compiled["a"].columns["n"]


@pytest.mark.parametrize(
    "sql",
    [
        "copy contacts to 'x'",
        "attach 'x' as y",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '1GB'",
        "pragma database_list",
        "create table x as select 1 as n",
        "insert into contacts select * from contacts",
        "update contacts set id = 1",
        "truncate contacts",
        "call pragma_version()",
        "explain select 1 as n",
        "select * from query('select 1 as n')",
        "select * from duckdb_settings()",
        "select * from glob('*')",
        "select s.* from deals, lateral duckdb_secrets() s",
        "select s.* from deals left join lateral query('select 1 as n') s on true",
        "select current_setting('home_directory') as n",
        "select 'access_mode'.current_setting() as n",
        "select pg_read_file('x') as n",
        "select unnest((select list(setting) from pg_settings)) as n",
        "select unnest((select list(id) from (select id from pg_settings))) as n from deals",
        "select list_transform((select list(name) from pg_settings), x -> x) as n",
        "with a as (select name from pg_settings), pg_settings as (select 'x' as name) select name from a",
        "with pg_settings as (select name from pg_settings) select name from pg_settings",
        "select id from deals where id in (select unnest((select list(oid) from pg_class)))",
        "select n from unnest((select list(name) from pg_settings)) t(n)",
        "select write_log('x') as n",
        "from (describe deals)",
        "from (summarize deals)",
        "select 1 as n into x",
        "vacuum",
        "begin",
    ],
)
def test_sql_reads_and_does_nothing_else(sql: str) -> None:
    """Whatever DuckDB can do, a flow is one SELECT over flows and entities."""
    with pytest.raises(FlowFileError):
        prepare_text(f'flows: {{a: {{sql: "{sql}"}}}}', env={})


def test_what_grows_without_end_is_not_worked_out_by_the_check() -> None:
    """A flow is only described; texts of gigabytes would come before any limit of memory."""
    began = time.monotonic()
    for text in (
        "{sql: \"select id from deals where length(repeat('x', 4000000000)) > 1\"}",
        "{entity: deals, where: \"length(repeat('x', 4000000000)) > 1\"}",
        "{sql: 'select id, len(generate_series(0, 4000000000)) as n from deals'}",
        "{entity: deals, formula: {n: 'repeat(lpad(title, 9, repeat(''x'', 4000000000)), 2)'}}",
    ):
        ready = prepare_text(f"flows: {{a: {text}}}", env={})
        assert ready.compiled["a"].columns
    assert time.monotonic() - began < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000


@pytest.mark.parametrize("kind", ["lists", "maps", "merges"])
def test_aliases_of_aliases_are_cut_off(kind: str) -> None:
    """A few lines that stand for billions of values are a mistake, told within a second or two."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 12):
        inner = ", ".join(f"*a{level - 1}" for _ in range(9))
        if kind == "maps":
            inner = ", ".join(f"k{index}: *a{level - 1}" for index in range(9))
        one = f"{{{inner}}}" if kind == "maps" else f"[{inner}]"
        lines.append(f"a{level}: &a{level} {one}")
    if kind == "merges":
        lines.append("flows: {a: {<<: *a11}}")
    with pytest.raises(FlowFileError, match=r"more than 100,000 values.*Use fewer aliases"):
        load_flow_text("\n".join(lines), env={})


def test_brackets_without_end_are_a_mistake() -> None:
    """Not the end of the program."""
    with pytest.raises(FlowFileError, match=r"nested too deep|unknown key"):
        load_flow_text("flows: " + "[" * 5000 + "]" * 5000, env={})


@pytest.mark.parametrize("word", ["varchar; drop table contacts", "integer -- x", "bigint /* x */", "text; select 1"])
def test_a_type_is_a_type_and_nothing_more(word: str) -> None:
    """What stands behind it is refused, not passed over."""
    with pytest.raises(FlowFileError, match="is no type"):
        prepare_text(f"flows: {{a: {{entity: deals, columns: [{{title: {{from: title, type: '{word}'}}}}]}}}}", env={})
