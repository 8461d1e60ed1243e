"""Answers to errors and pages, as bytes; no network."""

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acflow.entities import entity
from acflow.entities.model import Entity
from acflow.errors import (
    ApiError,
    BrokenAnswerError,
    ConfigError,
    ContractError,
    GatewayError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    ServerError,
    WrongServerError,
)
from acflow.source.decode import decode_rows
from acflow.source.protocol import (
    Answer,
    Request,
    base_url,
    list_request,
    message_of,
    read_page,
    retry_after,
    row_ids,
    server_date,
)
from acflow.source.wire_json import Number

ASKED = Request("contacts")
CONTACTS = entity("contacts")


def page(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Return an answer with this body."""
    return Answer(status, headers, body)


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("https://name.api-us1.com", "https://name.api-us1.com/api/3"),
        (" https://name.api-us1.com/ ", "https://name.api-us1.com/api/3"),
        ("https://name.api-us1.com/api/3", "https://name.api-us1.com/api/3"),
        ("https://name.api-us1.com/api/3/", "https://name.api-us1.com/api/3"),
        ("https://name.activehosted.com/api/", "https://name.activehosted.com/api/3"),
        ("https://name.activehosted.com/app/settings/developer", "https://name.activehosted.com/api/3"),
        ("https://name.activehosted.com/admin", "https://name.activehosted.com/api/3"),
        ("https://name.api-us1.com/api/3/contacts", "https://name.api-us1.com/api/3"),
        ("https://proxy.example.com/ac/api/3", "https://proxy.example.com/ac/api/3"),
        ("https://proxy.example.com/ac", "https://proxy.example.com/ac/api/3"),
        ("http://localhost:8080", "http://localhost:8080/api/3"),
        ("http://[::1]:8080", "http://[::1]:8080/api/3"),
    ],
)
def test_an_address_is_taken_as_people_copy_it(said: str, url: str) -> None:
    """With or without a slash, with or without the path of the API or of a page in the browser."""
    assert base_url(said) == url


@pytest.mark.parametrize("said", ["http://127.0.0.1.example.com", "http://localhost.example.com", "https://", "name"])
def test_a_dangerous_or_empty_address_is_refused(said: str) -> None:
    """A host that only looks like this machine is another machine."""
    with pytest.raises(ConfigError):
        base_url(said)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, WrongServerError),
        (400, ApiError),
        (401, RefusedError),
        (403, RefusedError),
        (404, NotFoundError),
        (408, ServerError),
        (422, ApiError),
        (425, ServerError),
        (429, RateLimitedError),
        (500, ServerError),
        (502, ServerError),
        (503, RateLimitedError),
        (504, ServerError),
    ],
)
def test_a_status_means_one_thing(status: int, error: type[Exception]) -> None:
    """What to do next is in the class."""
    with pytest.raises(error):
        read_page(CONTACTS, ASKED, page(b"{}", status))


@pytest.mark.parametrize("status", [408, 425, 429, 503])
def test_a_pause_that_is_asked_for_holds_for_the_whole_account(status: int) -> None:
    """Whatever the status that it comes with."""
    with pytest.raises(RateLimitedError) as caught:
        read_page(CONTACTS, ASKED, page(b"", status, **{"retry-after": "7"}))
    assert caught.value.retry_after == 7


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"<!DOCTYPE html><title>Just a moment...</title>", {}), (b"\n <html>", {}), (b"", {"cf-mitigated": "challenge"})],
)
@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_by_a_firewall_says_nothing_of_rights(body: bytes, headers: dict[str, str], status: int) -> None:
    """The API itself refuses with JSON, or with nothing."""
    with pytest.raises(GatewayError, match="before the API"):
        read_page(CONTACTS, ASKED, page(body, status, **headers))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"message":"No Result found for Subscriber with id 1"}', "No Result found for Subscriber with id 1"),
        (b'{"errors":[{"title":"Forbidden","detail":"No lists."}]}', "Forbidden No lists."),
        (b'{"errors":[{"title":"Forbidden"},{"title":"Twice"}]}', "Forbidden; Twice"),
        (b'{"errors":["Field name is required"]}', "Field name is required"),
        (b'{"errors":"Bulk operation failed."}', "Bulk operation failed."),
        (b"{}", ""),
        (b"", ""),
        (b"<html>", ""),
        (b"[]", ""),
    ],
)
def test_every_known_shape_of_an_error_is_read(body: bytes, text: str) -> None:
    """Six shapes were seen."""
    assert message_of(body) == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b'{"contacts":[{"id":"1"',
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'{"message":"later"}',
    ],
)
def test_a_broken_answer_is_never_an_empty_page(body: bytes) -> None:
    """It is to be asked for again."""
    with pytest.raises(BrokenAnswerError):
        read_page(CONTACTS, ASKED, page(body))


@pytest.mark.parametrize("body", [b'{"contacts":{}}', b'{"contacts":["1"]}', b'{"contacts":null}'])
def test_rows_that_are_no_records_are_a_breach(body: bytes) -> None:
    """Repeating cannot help there."""
    with pytest.raises(ContractError):
        read_page(CONTACTS, ASKED, page(body))


@pytest.mark.parametrize(
    ("meta", "total"),
    [({"total": "14"}, 14), ({"total": 14}, 14), ({}, None), (None, None), ([], None), ({"total": None}, None)],
)
def test_the_total_may_be_text_a_number_or_absent(meta: object, total: int | None) -> None:
    """It changed over the years, and differs between endpoints."""
    body = orjson.dumps({"scoreValues": [{"id": "9"}], "contacts": [{"id": "1"}], "meta": meta})
    read = read_page(CONTACTS, ASKED, page(body))
    assert (read.total, [row["id"] for row in read.rows]) == (total, ["1"])


def test_lone_surrogates_do_not_break_a_page() -> None:
    """The fast decoder refuses them; the text keeps all that can be kept."""
    read = read_page(CONTACTS, ASKED, page(b'{"contacts":[{"id":"1","firstName":"A\\ud83dB"}]}'))
    assert read.rows[0]["firstName"] == "A\ufffdB"


JSON_TEXTS = st.text(st.sampled_from('{}[]",:\\/ links\n') | st.characters(codec="utf-8"), max_size=20)
LINKS: st.SearchStrategy[Any] = st.dictionaries(JSON_TEXTS, JSON_TEXTS, max_size=3) | st.just([])


@given(st.lists(st.tuples(JSON_TEXTS, LINKS, JSON_TEXTS), max_size=4), st.booleans())
def test_relation_urls_are_left_out_and_nothing_else(records: list[Any], compact: bool) -> None:
    """Whatever stands in texts and URLs: braces, quotes, the word itself."""
    rows = [{"id": "1", "a": a, "links": links, "b": b} for a, links, b in records]
    separators = (",", ":") if compact else (", ", ": ")
    body = json.dumps({"contacts": rows, "meta": {"total": "9"}}, separators=separators).encode()
    read = read_page(CONTACTS, ASKED, page(body))
    assert [{key: row[key] for key in ("id", "a", "b")} for row in read.rows] == [
        {"id": "1", "a": a, "b": b} for a, _, b in records
    ]
    assert read.total == 9


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("1.5", 1.5),
        ("", None),
        ("soon", None),
        ("inf", None),
        ("nan", None),
        ("Fri, 30 Oct 2026 17:00:10 GMT", 10),
    ],
)
def test_retry_after_holds_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """Anything else counts as not said."""
    now = datetime(2026, 10, 30, 17, 0, 0, tzinfo=UTC)
    assert retry_after({"retry-after": value}, now) == seconds


@pytest.mark.parametrize(
    "date", ["Fri, 31 Dec 9999 23:59:59 -0500", "Mon, 01 Jan 2026 00:00:00 +99999999999999", "soon"]
)
def test_an_absurd_date_is_none(date: str) -> None:
    """A header must not end a run."""
    assert server_date({"date": date}) is None
    retry_after({"retry-after": date}, datetime(2026, 10, 30, tzinfo=UTC))


@pytest.mark.parametrize("deep", [2_000, 100_000])
@pytest.mark.parametrize("path", [CONTACTS, entity("messages")], ids=["without links", "with links"])
def test_an_answer_nested_without_end_is_a_breach(path: Entity, deep: int) -> None:
    """It fails its own request, not the run, and asking again would not help."""
    body = f'{{"{path.path}":{"[" * deep}{"]" * deep}}}'.encode()
    with pytest.raises(ContractError, match="nested too deeply"):
        read_page(path, Request(path.path), page(body))


@pytest.mark.parametrize("space", ["", " ", "\n  "])
@pytest.mark.parametrize("address", ["https:\\/\\/a.api-us1.com\\/api\\/3\\/x", "https://example.org"])
def test_links_within_a_record_s_values_are_kept(space: str, address: str) -> None:
    """Only the record's own are left out, whatever the addresses are and however the JSON is spaced."""
    links = f'"links"{space}:{space}{{{space}"user":"{address}"}}'
    body = f'{{"contacts":[{{"id":"1","nest":{{"a":1,{links}}},{links}}},{{"id":"2",{links}}}]}}'.encode()
    rows = read_page(CONTACTS, ASKED, page(body)).rows
    assert rows[0]["nest"]["links"] == {"user": address.replace("\\", "")}
    assert not {"links"} & set(decode_rows(CONTACTS, rows).table.column_names)


def test_a_byte_order_mark_is_no_part_of_the_answer() -> None:
    """Some proxies and PHP files put one before all else."""
    assert read_page(CONTACTS, ASKED, page(b'\xef\xbb\xbf{"contacts":[]}')).rows == []


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_python_takes_for_json_and_nobody_else_does_is_broken(word: str) -> None:
    """Such a page would put into the warehouse what no reader of JSON accepts."""
    with pytest.raises(BrokenAnswerError):
        read_page(CONTACTS, ASKED, page(b'{"contacts":[{"id":"1","x":%s}]}' % word.encode()))


def test_a_key_in_the_place_of_the_address_is_not_repeated() -> None:
    """The two are easily swapped."""
    with pytest.raises(ConfigError, match="no address of an account") as caught:
        base_url("5f0d8c1e3b7a9d2f")
    assert "5f0d8c1e" not in str(caught.value)


@pytest.mark.parametrize(
    "key",
    [None, "", "x1", [], {}, True, Number("12.7"), "12.7", "1_000", " 7", "٣", 2**63, 10**18, -(10**18), "9" * 19],
)
def test_a_record_needs_an_id(key: object) -> None:
    """Nothing can be proved about rows without one."""
    with pytest.raises(ContractError, match="no usable id"):
        row_ids(CONTACTS, [{"id": key}])


def test_a_page_is_always_asked_for_in_full() -> None:
    """The API gives 20 rows unless asked."""
    assert list_request(CONTACTS).params == (("limit", "100"),)
