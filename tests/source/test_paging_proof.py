"""What a walk may call proved: accounts that change, lie and answer badly never get a certificate for a loss."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acflow.entities.model import Entity
from acflow.errors import ContractError
from acflow.source.certificate import LANDABLE, Verdict
from acflow.source.paging import make_plan
from acflow.source.protocol import PAGE_SIZE
from tests.source.paging_harness import BOTH, BY_KEY, BY_OFFSET, Account, certified, entity_read, some_ids

Total = Callable[[int], int | None]
SIZES = st.sampled_from([1, 50, 99, 100, 101, 150, 199, 300, 1000])
HONEST: Total = lambda count: count  # noqa: E731 - one of three that are much alike
ABSENT: Total = lambda _: None  # noqa: E731
TOO_LOW: Total = lambda count: count // 2  # noqa: E731
RATES = st.sampled_from([0.0, 0.02, 0.2, 0.5])
SINCE = datetime(2026, 10, 30, tzinfo=UTC)


def lost(account: Account, before: set[int], got: Iterable[int]) -> set[int]:
    """Return what was there from first to last and did not come."""
    return before - account.deleted - set(got)


@BOTH
@settings(max_examples=300, deadline=None)
@given(
    count=SIZES,
    total=st.sampled_from([HONEST, ABSENT]),
    limit=st.sampled_from([20, 50, PAGE_SIZE, None]),
    tail=st.sampled_from([0, 0, 0.05, 0.3]),
    rates=st.tuples(RATES, RATES),
    jumps=st.booleans(),
    width=st.integers(1, 16),
    seed=st.integers(0, 2**32),
)
def test_no_loss_is_ever_called_complete_or_moved(  # noqa: PLR0913, PLR0917 - each is a way to go wrong
    entity: Entity,
    count: int,
    total: Total,
    limit: int | None,
    tail: float,
    rates: tuple[float, float],
    *,
    jumps: bool,
    width: int,
    seed: int,
) -> None:
    """Rows come and go, or change places and go; pages are cut to 20, to 50, not at all, or end early."""
    chance = random.Random(seed)
    jumps = jumps and total is HONEST  # without a count, what moves during both readings can be missed by both
    tail = tail if total is HONEST or entity is BY_KEY else 0  # a list cut short without a count ends there
    heeds = [word for word in Account.heeds if limit or word != "limit"]
    account = Account(some_ids(count, 3, chance), limit or PAGE_SIZE, total, heeds=heeds)
    account.cut = lambda rows: rows[: chance.randint(1, len(rows))] if rows and chance.random() < tail else rows
    before = set(account.ids)

    def change(requests: int) -> None:
        if not requests or requests > 200:
            return
        if chance.random() < rates[0]:
            account.delete(chance)
        if chance.random() < rates[1]:
            place = chance.randint(0, len(account.ids))
            account.jump(chance, place) if jumps else account.insert(place)

    plan = make_plan(entity)
    got, _ = entity_read(plan, account, chance, width=width, between=change)
    if certified(plan).verdict in LANDABLE:
        assert not lost(account, before, got)


@BOTH
@settings(max_examples=150, deadline=None)
@given(count=st.sampled_from([20, 101, 300, 900]), rate=RATES, width=st.integers(1, 8), seed=st.integers(0, 2**32))
def test_rows_that_change_while_changes_are_read_hold_nothing_up(
    entity: Entity, count: int, rate: float, width: int, seed: int
) -> None:
    """They belong to the next reading: what had changed before came, and the certificate lands."""
    chance = random.Random(seed)
    account = Account(sorted(some_ids(3000, 3, chance)))
    account.fresh = set(chance.sample(account.ids, count))
    before = set(account.fresh)

    def change(requests: int) -> None:
        if requests and chance.random() < rate:
            account.fresh.add(chance.choice(account.ids))  # type: ignore[union-attr]  # it is set

    plan = make_plan(entity, SINCE)
    got, _ = entity_read(plan, account, chance, width=width, between=change)
    assert not lost(account, before, got)
    assert certified(plan).verdict in LANDABLE


def test_a_deleted_contact_does_not_make_up_for_one_behind_a_short_page() -> None:
    """One was read and then deleted, another stood behind a page that came short: the count agrees all the same."""
    account = Account(list(range(1, 402)))
    short = iter([True])

    def change(requests: int) -> None:
        if requests == 3:
            account.ids.remove(7)
            account.deleted.add(7)
            account.cut = lambda rows: rows[:-1] if 401 in rows and next(short, False) else rows

    plan = make_plan(BY_KEY)
    got, _ = entity_read(plan, account, random.Random(0), width=1, between=change)
    assert set(got) == set(range(1, 402))
    assert certified(plan).verdict is Verdict.MOVED
    assert not next(short, False)


@BOTH
def test_a_list_without_a_total_is_read_until_nothing_is_new(entity: Entity) -> None:
    """A row that changes its place in the middle of such a list leaves no trace but in a second reading."""
    account = Account(list(range(1, 501)), total=ABSENT)

    def change(requests: int) -> None:
        if requests == 3:
            account.ids.remove(450)
            account.ids.insert(150, 450)

    got, _ = entity_read(make_plan(entity), account, random.Random(0), width=1, between=change)
    assert set(got) == set(account.ids)


@pytest.mark.parametrize(("entity", "empty"), [(BY_KEY, 2), (BY_OFFSET, 1)], ids=["keyset", "offset"])
def test_an_empty_answer_without_a_total_is_asked_for_again(entity: Entity, empty: int) -> None:
    """An empty page is easily sent by mistake; with no total beside it nothing else would tell."""
    mistakes = iter(range(empty))
    account = Account(list(range(1, 8)), total=ABSENT)
    account.cut = lambda rows: rows if next(mistakes, None) is None else []
    got, _ = entity_read(make_plan(entity), account, random.Random(0), width=1)
    assert set(got) == set(account.ids)


@pytest.mark.parametrize("total", [HONEST, ABSENT, TOO_LOW])
@pytest.mark.parametrize("ignored", ["ASC", "id_greater", "id_less", "DESC"])
def test_an_account_that_ignores_how_contacts_are_asked_for_is_not_believed(total: Total, ignored: str) -> None:
    """Either all of them come, or the certificate tells that they did not."""
    chance = random.Random(8)
    heeds = [word for word in Account.heeds if word != ignored]
    account = Account(chance.sample(range(1, 3000), 730), total=total, heeds=heeds)
    plan = make_plan(BY_KEY)
    got, _ = entity_read(plan, account, chance)
    verdict = certified(plan).verdict
    assert (verdict is Verdict.PARTIAL) is (set(got) != set(account.ids))


@pytest.mark.parametrize("total", [ABSENT, TOO_LOW])
def test_a_page_that_comes_again_and_again_is_no_end(total: Total) -> None:
    """An account that ignores the offset shows its first page for ever."""
    account = Account(list(range(1, 181)), total=total, heeds=["limit"])
    plan = make_plan(BY_OFFSET)
    entity_read(plan, account, random.Random(0))
    assert certified(plan).verdict is Verdict.PARTIAL


def test_a_page_of_rows_that_came_before_is_no_end_of_a_list_without_a_total() -> None:
    """In both readings, before the fourth page, so many rows come first that it is the third one once more."""
    account = Account(list(range(1, 401)), cap=50, total=ABSENT)

    def change(requests: int) -> None:
        if requests in {3, 8}:
            account.ids[:] = account.ids[-49:] + account.ids[:-49]

    plan = make_plan(BY_OFFSET)
    got, _ = entity_read(plan, account, random.Random(0), width=1, between=change)
    assert set(got) != set(account.ids)
    assert certified(plan).verdict is Verdict.PARTIAL


@BOTH
def test_a_low_cap_beside_a_total_that_is_too_low_ends_nothing(entity: Entity) -> None:
    """Pages of 50 look short beside those of 100, and the total says that all is there."""
    account = Account(list(range(1, 301)), cap=50, total=lambda _: 40)
    got, _ = entity_read(make_plan(entity), account, random.Random(0))
    assert sorted(got) == account.ids


@pytest.mark.parametrize(("total", "count", "most"), [(20_000, 300, 14), (5_000, 3, 10), (100, 0, 8)])
def test_a_total_beyond_the_rows_is_not_walked_to_its_end(total: int, count: int, most: int) -> None:
    """An empty page is the end of a list, though the account counts what it does not give."""
    account = Account(list(range(1, count + 1)), total=lambda _: total)
    plan = make_plan(BY_OFFSET)
    got, requests = entity_read(plan, account, random.Random(0), width=2)
    assert (sorted(got), requests <= most) == (account.ids, True)
    assert certified(plan).verdict is Verdict.PARTIAL


def test_an_empty_page_in_the_midst_of_a_list_is_not_its_end() -> None:
    """What was on its way behind it brings rows, so the list is read once more, as a whole."""
    account = Account(list(range(1, 801)))
    answers = iter(range(100))
    account.cut = lambda rows: [] if next(answers) == 3 else rows
    plan = make_plan(BY_OFFSET)
    got, _ = entity_read(plan, account, random.Random(5), width=6)
    assert (set(got), certified(plan).verdict) == (set(account.ids), Verdict.MOVED)


@settings(max_examples=150, deadline=None)
@example(count=279, total=0.9, width=2, seed=1098)  # the second pass brings just as many rows as the account counts
@given(
    count=st.sampled_from([101, 150, 279, 640]),
    total=st.sampled_from([None, 0.5, 0.9]),
    width=st.integers(1, 6),
    seed=st.integers(0, 2**32),
)
def test_a_list_in_no_order_is_not_believed_unless_the_account_s_count_bears_it_out(
    count: int, total: float | None, width: int, seed: int
) -> None:
    """Its pages hang together by chance, and rows are missing all the same."""
    chance = random.Random(seed)
    account = Account(list(range(1, count + 1)), total=lambda many: None if total is None else int(many * total))
    plan = make_plan(BY_OFFSET)
    got, _ = entity_read(plan, account, chance, width=width, between=lambda _: chance.shuffle(account.ids))
    if certified(plan).verdict in LANDABLE:
        assert set(got) == set(account.ids)


@pytest.mark.parametrize("newest", [10**18 - 1, 10**18 - 2, 2**62 - 1])
def test_an_id_at_the_end_of_all_numbers_holds_nobody_up(newest: int) -> None:
    """Above it there is no range to ask for; one that would not fit a bigint is refused."""
    account = Account([1, 2, 3, newest], total=lambda _: 9)
    plan = make_plan(BY_KEY)
    if newest >= 10**18:
        with pytest.raises(ContractError, match="no usable id"):
            entity_read(plan, account, random.Random(0))
    else:
        got, _ = entity_read(plan, account, random.Random(0))
        assert (sorted(got), certified(plan).verdict) == (account.ids, Verdict.PARTIAL)


@BOTH
def test_a_total_that_grows_with_every_answer_ends(entity: Entity) -> None:
    """The account counts ever more and gives no more."""
    totals = iter(range(500, 10**9, 1_000))
    account = Account(list(range(1, 401)), total=lambda _: next(totals))
    plan = make_plan(entity)
    got, requests = entity_read(plan, account, random.Random(0))
    assert (set(got), requests < 100) == (set(account.ids), True)
    assert certified(plan).verdict is Verdict.PARTIAL
