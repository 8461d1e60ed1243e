"""Functions of spreadsheets and of other databases, and what does the same here, shown on columns of deals."""

from types import MappingProxyType

HERE = MappingProxyType({
    "averageif": "avg(amount) filter (where status = 0)",
    "concatenate": "concat(title, currency)",
    "countifs": "count(*) filter (where status = 0)",
    "curdate": "current_date",
    "date_format": "strftime(cdate, '%Y-%m')",
    "dateadd": "cdate + interval 7 days",
    "datedif": "date_diff('day', cdate, mdate)",
    "eomonth": "last_day(cast(cdate as date))",
    "find": "position('a' in title)",
    "format_date": "strftime(cdate, '%Y-%m')",
    "getdate": "current_date",
    "iferror": "amount / nullif(status, 0)",
    "iff": "if(amount > 0, 'yes', 'no')",
    "ifs": "case when amount > 100 then 'large' else 'small' end",
    "initcap": "upper(left(title, 1)) || lower(substr(title, 2))",
    "isblank": "title is null",
    "isnull": "title is null",
    "mid": "substr(title, 1, 3)",
    "proper": "upper(left(title, 1)) || lower(substr(title, 2))",
    "rounddown": "floor(amount)",
    "roundup": "ceil(amount)",
    "row_number": "row_number() over (order by id)",
    "substitute": "replace(title, 'a', 'b')",
    "sumif": "sum(amount) filter (where status = 0)",
    "sumifs": "sum(amount) filter (where status = 0)",
    "switch": "case when amount > 100 then 'large' else 'small' end",
    "sysdate": "current_date",
    "text": "strftime(cdate, '%Y-%m')",
    "to_char": "strftime(cdate, '%Y-%m')",
    "value": "try_cast(title as double)",
    "weeknum": "extract(week from cdate)",
    "zeroifnull": "coalesce(amount, 0)",
})  # fmt: skip


def advice(function: str) -> str:
    """Return what to write instead of a function that is not here; empty if nothing comes to mind."""
    if function in {"vlookup", "xlookup", "hlookup", "lookup"}:
        return "A `join` looks up."
    return f"Write it as in `{HERE[function]}`." if function in HERE else ""
