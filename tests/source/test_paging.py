"""Walks over imaginary accounts that change while they are read; the account answers requests in any order."""

import random
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acflow.entities.model import Entity
from acflow.source.paging import make_plan
from acflow.source.protocol import PAGE_SIZE, Page, Request
from tests.source.paging_harness import BOTH, BY_KEY, BY_OFFSET, Account, entity_read, some_ids

SIZES = st.sampled_from([0, 1, 5, 99, 100, 101, 198, 199, 200, 1000, 2500])


@BOTH
@settings(max_examples=60, deadline=None)
@given(count=SIZES, sparsity=st.sampled_from([1, 2, 50]), width=st.integers(1, 16), seed=st.integers(0, 2**32))
def test_a_quiet_account_is_read_whole(entity: Entity, count: int, sparsity: int, width: int, seed: int) -> None:
    """Every id once, no sign of movement, whatever the size, the gaps, the width and the order of answers."""
    chance = random.Random(seed)
    account = Account(some_ids(count, sparsity, chance))
    plan = make_plan(entity)
    got, _ = entity_read(plan, account, chance, width=width)
    assert sorted(got) == sorted(account.ids)
    stats = plan.stats
    assert (stats.received, stats.first_total, stats.last_total) == (count, count, count)
    assert (stats.moved, stats.duplicates, stats.unproved) == (False, 0, [])


@BOTH
@settings(max_examples=80, deadline=None)
@given(count=SIZES, rate=st.floats(0.05, 1), width=st.integers(1, 16), seed=st.integers(0, 2**32))
def test_nothing_that_existed_throughout_is_missing(
    entity: Entity,
    count: int,
    rate: float,
    width: int,
    seed: int,
) -> None:
    """Rows are deleted and added before every answer; all that was there from first to last came, once each."""
    chance = random.Random(seed)
    account = Account(some_ids(count, 3, chance))
    before = set(account.ids)

    def change(requests: int) -> None:
        if requests and chance.random() < rate:
            account.delete(chance)
        if requests < 100 and chance.random() < rate:
            account.insert()

    plan = make_plan(entity)
    got, _ = entity_read(plan, account, chance, width=width, between=change)
    assert not before - account.deleted - set(got)
    assert len(got) == len(set(got))


@pytest.mark.parametrize("sparsity", [1, 2, 50])
@BOTH
def test_hardly_a_request_more_than_needed(entity: Entity, sparsity: int) -> None:
    """A hundred rows a request, and a handful of requests more, though a dozen are out at once."""
    chance = random.Random(1)
    account = Account(sorted(some_ids(20_000, sparsity, chance)))
    _, requests = entity_read(make_plan(entity), account, chance, width=12)
    assert requests <= 200 + 10


def test_ids_in_clusters_keep_many_requests_out() -> None:
    """Where ids come in runs with wide gaps, hardly more rounds of a dozen requests are needed than where not."""
    chance, account, last = random.Random(4), Account([]), 0
    while len(account.ids) < 20_000:
        first = last + chance.randrange(20_000)
        last = first + chance.randrange(2000)
        account.ids.extend(range(first + 1, last))
    plan, rounds, received = make_plan(BY_KEY), 0, 0
    while not plan.done:
        requests = list(iter(lambda: plan.next(12), None))
        received += sum(len(plan.take(request, account.answer(request))) for request in requests)
        rounds += 1
    assert received == len(account.ids)
    assert rounds <= len(account.ids) / PAGE_SIZE / 12 + 4


@pytest.mark.parametrize("ignored", ["DESC", "id_less"])
def test_an_account_that_gives_no_range_from_above_is_read_whole(ignored: str) -> None:
    """It rises where it should fall, or falls from the newest id of all: such a page proves nothing."""

    class FromBelow(Account):
        def answer(self, request: Request) -> Page:
            falling = ("orders[id]", "DESC") in request.params and "id_less" in dict(request.params)
            self.heeds = [word for word in Account.heeds if not (falling and word == ignored)]
            return super().answer(request)

    account = FromBelow(sorted(some_ids(2000, 3, random.Random(1))))
    plan = make_plan(BY_KEY)
    got, _ = entity_read(plan, account, random.Random(2), width=12)
    assert sorted(got) == account.ids
    assert (plan.stats.moved, plan.stats.duplicates, plan.stats.unproved) == (False, 0, [])


def test_one_deleted_and_one_added_between_two_pages_is_noticed() -> None:
    """The totals agree all the way and yet a row slipped between two pages: only the shared row tells."""
    chance = random.Random(0)
    account = Account(list(range(1, 301)))
    last = set(account.ids)

    def swap(requests: int) -> None:
        if requests == 1:
            account.ids.remove(50)
            account.insert()

    plan = make_plan(BY_OFFSET)
    got, _ = entity_read(plan, account, chance, width=1, between=swap)
    assert plan.stats.moved
    assert not last - {50} - set(got)


@settings(max_examples=150, deadline=None)
@given(
    count=st.sampled_from([150, 500, 1000]), width=st.integers(1, 8), seed=st.integers(0, 2**32), when=st.integers(1, 4)
)
def test_a_row_that_comes_first_from_now_on_is_not_lost(count: int, width: int, seed: int, when: int) -> None:
    """Even if a row that was read is deleted at the same time, so that the counts agree."""
    chance = random.Random(seed)
    account = Account(list(range(1, count + 1)))
    before = set(account.ids)

    def change(requests: int) -> None:
        if requests == when:
            account.jump(chance)
            account.delete(chance)

    plan = make_plan(BY_OFFSET)
    got, _ = entity_read(plan, account, chance, width=width, between=change)
    assert not before - account.deleted - set(got)
    assert plan.stats.moved is bool(account.deleted)


def test_deals_that_come_first_and_deleted_ones_do_not_make_up_for_each_other() -> None:
    """One row each, after the first page: the counts agree, and yet one deal has not been seen."""
    account = Account(list(range(1, 501)))

    def change(requests: int) -> None:
        if requests == 1:
            account.ids.remove(301)
            account.ids.insert(0, 301)
            account.ids.remove(50)

    plan = make_plan(BY_OFFSET)
    got, _ = entity_read(plan, account, random.Random(0), width=1, between=change)
    assert set(got) == set(range(1, 501))
    assert plan.stats.moved
    assert not plan.stats.unproved


def test_many_deals_that_come_first_at_once_are_read_in_a_second_pass() -> None:
    """A page's worth of them leaves nothing in common with the first page as it was; the second reading is whole."""
    account = Account(list(range(1, 701)))

    def change(requests: int) -> None:
        if requests == 3:
            account.ids[:] = account.ids[-200:] + account.ids[:-200]

    plan = make_plan(BY_OFFSET)
    got, requests = entity_read(plan, account, random.Random(0), width=1, between=change)
    assert sorted(got) == sorted(account.ids)
    assert plan.stats.moved
    assert not plan.stats.unproved
    assert requests <= 26


def test_a_list_without_total_goes_on_after_a_deletion() -> None:
    """The next page is shifted by one row then, and brings one new row less than a full page."""
    account = Account(list(range(1, 1001)), total=lambda _: None)

    def change(requests: int) -> None:
        if requests == 1:
            account.ids.remove(4)

    got, _ = entity_read(make_plan(BY_OFFSET), account, random.Random(0), width=1, between=change)
    assert set(got) >= set(account.ids)


@BOTH
@pytest.mark.parametrize("total", [0, 1, 100, 250, 499])
def test_a_total_that_is_too_low_ends_nothing(entity: Entity, total: int) -> None:
    """Full pages are followed, whatever the account counts."""
    account = Account(list(range(1, 501)), total=lambda _: total)
    got, _ = entity_read(make_plan(entity), account, random.Random(5), width=4)
    assert sorted(got) == account.ids


@BOTH
def test_a_server_without_totals_that_ignores_the_place_is_not_believed(entity: Entity) -> None:
    """The first page again and again looks like the end, and is none."""
    plan = make_plan(entity)
    requests = 0
    while not plan.done and requests < 200:
        request = plan.next(4)
        assert request
        asked = dict(request.params)
        newest = asked.get("limit") == "1"
        rows = [{"id": "3000"}] if newest else [{"id": str(key)} for key in range(1, 101)]
        plan.take(request, Page(rows, None))
        requests += 1
    assert plan.done
    assert plan.stats.unproved


def test_a_list_that_grows_as_it_is_read_has_an_end() -> None:
    """A total that runs ahead of every page would be followed for ever."""
    plan = make_plan(BY_OFFSET)
    requests = 0
    while not plan.done:
        request = plan.next(8)
        assert request
        start = int(dict(request.params)["offset"])
        rows = [{"id": str(start + n + 1)} for n in range(PAGE_SIZE)]
        plan.take(request, Page(rows, start + 1000))
        requests += 1
        assert requests < 3000
    assert any("grew faster" in reason for reason in plan.stats.unproved)


def test_rows_that_are_only_added_are_not_read_twice() -> None:
    """New deals come last; following them costs a request or two, not a second pass."""
    account = Account(list(range(1, 5001)))
    chance = random.Random(6)

    def change(requests: int) -> None:
        if requests in {10, 30}:
            account.insert()

    plan = make_plan(BY_OFFSET)
    got, requests = entity_read(plan, account, chance, width=1, between=change)
    assert sorted(got) == account.ids
    assert requests <= 56


@pytest.mark.parametrize("changed", [0, 40, 500])
@BOTH
def test_only_what_changed_is_asked_for(entity: Entity, changed: int) -> None:
    """One request if it fits on a page, a handful if not; the filter stands in every request, in UTC."""
    account = Account(list(range(1, changed * 7, 7)))
    since = datetime(2026, 10, 30, 12, 0, tzinfo=timezone(timedelta(hours=-5)))
    plan = make_plan(entity, since)
    asked: list[Request] = []

    class Watched(Account):
        def answer(self, request: Request) -> Page:
            asked.append(request)
            return account.answer(request)

    got, requests = entity_read(plan, Watched(account.ids), random.Random(7), width=4)
    assert sorted(got) == account.ids
    assert requests <= (1 if changed < 100 else changed // 100 + 5)
    assert {dict(request.params)["filters[updated_after]"] for request in asked} == {"2026-10-30T17:00:00.000Z"}


@BOTH
def test_a_server_with_a_lower_cap_is_read_whole(entity: Entity) -> None:
    """Fewer rows than asked for are not the end."""
    account = Account(list(range(1, 501)), cap=20)
    got, _ = entity_read(make_plan(entity), account, random.Random(2))
    assert sorted(got) == account.ids


@BOTH
@pytest.mark.parametrize("count", [0, 7, 100, 250])
def test_a_server_without_totals_is_read_whole(entity: Entity, count: int) -> None:
    """Without a total only a page that brings nothing new is the end."""
    account = Account(list(range(1, count + 1)), total=lambda _: None)
    got, _ = entity_read(make_plan(entity), account, random.Random(3), width=4)
    assert sorted(got) == account.ids


def test_an_unpaged_list_ends() -> None:
    """Some lists repeat the same rows at every offset."""
    plan = make_plan(BY_OFFSET)
    rows = [{"id": str(key)} for key in range(1, 31)]
    requests = 0
    while not plan.done and requests < 10:
        request = plan.next(4)
        assert request
        plan.take(request, Page(list(rows), None))
        requests += 1
    assert plan.done
    assert plan.stats.received == 30


@BOTH
def test_a_total_that_is_never_reached_is_read_twice_and_told(entity: Entity) -> None:
    """An account that promises more than it lists leaves a gap between promise and receipt."""
    account = Account(list(range(1, 251)), total=lambda count: count + 3)
    plan = make_plan(entity)
    got, _ = entity_read(plan, account, random.Random(4))
    assert sorted(got) == account.ids
    assert plan.stats.missing == 3


def test_a_server_that_ignores_key_ranges_cannot_hold_us() -> None:
    """If every range gives the same page, the walk ends and the gap is told."""
    plan = make_plan(BY_KEY)
    requests = 0
    while not plan.done and requests < 200:
        request = plan.next(4)
        assert request
        plan.take(request, Page([{"id": str(key)} for key in range(1, 101)], 1000))
        requests += 1
    assert plan.done
    assert plan.stats.missing == 900
