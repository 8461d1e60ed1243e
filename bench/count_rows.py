"""Count what a tool brought: rows and distinct ids, as JSON. Runs in its own process, so that the bench stays small."""

import json
import sys
from pathlib import Path


def in_duckdb(file: Path, table: str) -> tuple[int, int]:
    """Count the one table of that name, whatever schema it landed in."""
    import duckdb

    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute(
            "select schema_name from duckdb_tables() where table_name = ? and schema_name not like '%staging%'", [table]
        ).fetchall()
        if not found:
            return 0, 0
        counted = connection.execute(f'select count(*), count(distinct id) from "{found[0][0]}"."{table}"').fetchone()  # noqa: S608
    assert counted is not None  # noqa: S101 - an aggregate always answers
    return int(counted[0]), int(counted[1])


def in_messages(file: Path, stream: str) -> tuple[int, int]:
    """Count a stream among the messages that Airbyte and Singer print, one to a line."""
    import orjson

    rows, ids = 0, set()
    with file.open("rb") as lines:
        for line in lines:
            if b'"RECORD"' not in line[:32]:
                continue
            try:
                message = orjson.loads(line)
            except orjson.JSONDecodeError:  # the last line of a run that was cut off
                continue
            record = message["record"]
            if stream == message.get("stream", record.get("stream")):
                rows += 1
                ids.add(int(record["data"]["id"] if "data" in record else record["id"]))
    return rows, len(ids)


def main(kind: str, file: Path, name: str) -> None:
    """Count and print."""
    rows, distinct = (in_duckdb if kind == "duckdb" else in_messages)(file, name) if file.exists() else (0, 0)
    print(json.dumps({"rows": rows, "distinct": distinct}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
