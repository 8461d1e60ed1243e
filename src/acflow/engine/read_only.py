"""What SQL that somebody typed may be: one statement that reads, and no function that acts on the database.

The database has the last word (read-only, without access to files, its settings locked); this refuses in plain words
before it is asked, and catches what such a database would still do: write a log, end another session.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from acflow.errors import ConfigError

if TYPE_CHECKING:
    from sqlglot.tokens import Token

REFUSAL = "Give one statement that reads: SELECT or VALUES, or EXPLAIN before one. Nothing was done."
BEGINNINGS = frozenset({"SELECT", "VALUES", "WITH", "FROM", "TABLE", "("})
# DuckDB answers these from its catalogue, as SELECTs.
BEGINNINGS_BY_DIALECT = {"duckdb": frozenset({"DESCRIBE", "DESC", "SHOW", "SUMMARIZE", "UNPIVOT"})}
EXPLAIN = re.compile(
    r"\s*EXPLAIN\b(\s+(ANALYZE|ANALYSE|VERBOSE)\b)*(\s*\((?!\s*(SELECT|VALUES|WITH|FROM|TABLE|\())[^()]*\))?",
    re.IGNORECASE,
)
# They change the session or the server, reach its files, or carry out SQL that is hidden in a text.
ACTING = re.compile(
    r"(enable|disable|read)_\w+|truncate_duckdb_logs|(force_)?checkpoint|write_log|query|json_execute_serialized_sql"
    r"|set_config|setval|setseed|\w+_to_xml\w*|dblink\w*|lo_\w+|pg_(terminate|cancel|try|advisory|reload|rotate|promote"
    r"|switch|create|drop|copy|start|stop|backup|wal|log|replication|read|ls|stat_file|file|sync|notify|export|import"
    r"|restore|set|clear|stat_reset|prewarm|logical)\w*",
)


def check_read_only(sql: str, dialect: str) -> str:
    """Return one statement that reads, without what stands behind it; raises ConfigError for all else."""
    explained = EXPLAIN.match(sql)
    prefix = explained.group() if explained else ""
    sql = sql.removeprefix(prefix)
    tokens = tokens_of(sql, dialect)
    words = [token.text.upper() for token in tokens]
    if words[0] not in BEGINNINGS and (explained or words[0] not in BEGINNINGS_BY_DIALECT.get(dialect, ())):
        raise ConfigError(REFUSAL)
    if 'u&"' in sql.lower():
        raise ConfigError('Names written as U&"…" are not taken. Write the name itself. Nothing was done.')
    for token, following in zip(tokens, [*words[1:], ""], strict=True):
        if following == "(" and ACTING.fullmatch(token.text.lower()):
            raise ConfigError(f"`{token.text}` does more than read. {REFUSAL}")
    if dialect == "duckdb":
        _check_statements(sql)
    return prefix + sql[: tokens[-1].end + 1]  # PostgreSQL's driver would put `)` behind a comment


def tokens_of(sql: str, dialect: str) -> Sequence["Token"]:
    """Return the words of one statement; raises ConfigError if there are none, or two statements."""
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.errors import TokenError
    from sqlglot.tokens import TokenType

    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    except TokenError as error:
        raise ConfigError(f"The statement cannot be understood. {str(error).splitlines()[0]}.") from None
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    if not tokens or any(token.token_type is TokenType.SEMICOLON for token in tokens):
        raise ConfigError(REFUSAL)
    return tokens


def _check_statements(sql: str) -> None:
    """Let DuckDB itself say what kind of statement it takes this for."""
    import duckdb

    try:
        with duckdb.connect(":memory:") as parser:
            kinds = [statement.type.name for statement in parser.extract_statements(sql)]
    except duckdb.Error as error:
        raise ConfigError(f"The statement cannot be carried out. {error}") from None
    if kinds != ["SELECT"]:
        raise ConfigError(REFUSAL)
