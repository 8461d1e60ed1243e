"""Contacts are read form by form, and the whole is proved by the proofs of its parts."""

import math
import random
from dataclasses import dataclass, field

import pytest

from acflow.entities import entity
from acflow.source.certificate import Verdict
from acflow.source.paging import make_plan
from acflow.source.protocol import PAGE_SIZE, Page, Request
from tests.source.paging_harness import Account, certified, entity_read, some_ids

FORM_CONTACTS = entity("formContacts")
SEEDS = pytest.mark.parametrize("seed", range(12))


@dataclass
class Formed(Account):
    """An account with contacts, each of whom came through some of its forms, and with what each form says it counts."""

    through: dict[int, set[int]] = field(default_factory=dict)
    counters: dict[int, object] = field(default_factory=dict)
    heeds_form: bool = True

    def answer(self, request: Request) -> Page:
        asked = dict(request.params)
        if request.path == "forms":
            rows = [{"id": str(form), "contacts": self.counter(form)} for form in sorted(self.through)]
            return Page(rows[int(asked["offset"]) :], len(rows))
        self.fresh = self.through.get(int(asked["formid"]), set()) if "formid" in asked and self.heeds_form else None
        return super().answer(request)

    def counter(self, form: int) -> object:
        return self.counters.get(form, len(self.through[form]))

    def pairs(self) -> set[int]:
        there = set(self.ids)
        return {form * 10**12 + key for form, keys in self.through.items() for key in keys & there}


def formed(chance: random.Random, *sizes: int, spare: int = 50) -> Formed:
    """Return an account whose forms have that many contacts each, some of them in common."""
    ids = some_ids(max(sizes, default=0) + spare, 4, chance)
    return Formed(ids, through={form: set(chance.sample(ids, size)) for form, size in enumerate(sizes, start=3)})


@SEEDS
def test_each_form_has_its_contacts_at_a_handful_of_requests_more_than_pages(seed: int) -> None:
    """Whatever the order of the answers: each pair once, by a key that says which pair it is."""
    chance, sizes = random.Random(seed), (0, 1, 99, 100, 101, 640, 0, 57)
    account, plan = formed(chance, *sizes), make_plan(FORM_CONTACTS)
    got, requests = entity_read(plan, account, chance)
    assert sorted(got) == sorted(account.pairs())
    told = certified(plan)
    assert (told.verdict, told.promised_first, told.promised_last) == (Verdict.COMPLETE, sum(sizes), sum(sizes))
    pages = sum(max(1, math.ceil(size / PAGE_SIZE)) for size in sizes)
    beyond_a_page = sum(size > PAGE_SIZE for size in sizes)
    assert requests <= 2 + pages + 4 * beyond_a_page


@SEEDS
def test_nobody_is_lost_who_was_there_from_first_to_last(seed: int) -> None:
    """Contacts come and go, come through another form, and a form is deleted, all in mid-reading."""
    chance = random.Random(seed)
    account, plan = formed(chance, 350, 120, 20, 480), make_plan(FORM_CONTACTS)
    throughout = account.pairs()

    def change(requests: int) -> None:
        if requests % 3 == 0:
            account.delete(chance)
        if requests % 4 == 0:
            account.insert()
            account.through[3].add(account.ids[-1])
        if requests % 5 == 0:
            account.through[6].add(chance.choice(account.ids))
        if requests == 9:
            account.through.pop(4)
        throughout.intersection_update(account.pairs())

    got, _ = entity_read(plan, account, chance, between=change)
    assert len(got) == len(set(got))
    assert throughout <= set(got)
    assert certified(plan).verdict is Verdict.MOVED


def test_an_account_that_passes_over_the_form_is_found_out_at_once() -> None:
    """It gives everybody for each form; a page per form shows it, and no more are asked for."""
    chance = random.Random(1)
    account, plan = formed(chance, 350, 120, 20), make_plan(FORM_CONTACTS)
    account.heeds_form = False
    _, requests = entity_read(plan, account, chance)
    told = certified(plan)
    assert requests == 1 + 3 + 1
    assert told.verdict is Verdict.PARTIAL
    assert told.reason is not None
    assert "the account does not heed formid: it gives all 400 contacts for each of the forms" in told.reason


@pytest.mark.parametrize("counter", [None, 200, 230, "200", "many", []])
def test_everybody_may_have_come_through_every_form(counter: object) -> None:
    """What a form counts bears it out, or says nothing; those who are deleted since were counted too."""
    chance = random.Random(2)
    account, plan = formed(chance, 200, 200, spare=0), make_plan(FORM_CONTACTS)
    account.counters = {3: counter, 4: 200}
    got, _ = entity_read(plan, account, chance)
    assert len(got) == 400
    assert certified(plan).verdict is Verdict.COMPLETE


def test_what_one_form_lacks_is_not_made_up_by_another() -> None:
    """A contact who never comes is missed, though somebody else came through another form meanwhile."""
    chance = random.Random(3)
    account, plan = formed(chance, 150, 150), make_plan(FORM_CONTACTS)
    hidden = min(account.through[3] - account.through[4])
    account.cut = lambda rows: [key for key in rows if key != hidden]
    entity_read(plan, account, chance)
    told = certified(plan)
    assert told.verdict is Verdict.PARTIAL
    assert (told.promised_last, told.received) == (300, 299)


def test_an_account_without_totals_is_read_to_the_end() -> None:
    """Then there is nothing to add up, and each form ends with an empty page."""
    chance = random.Random(4)
    account, plan = formed(chance, 250, 30, 0), make_plan(FORM_CONTACTS)
    account.total = lambda _: None
    got, _ = entity_read(plan, account, chance)
    assert sorted(got) == sorted(account.pairs())
    assert certified(plan).promised_first is None


def test_an_account_that_does_not_keep_to_the_order_of_ids_proves_nothing() -> None:
    """No document says that forms and ranges of ids go together, so each page shows whether they do."""
    chance = random.Random(5)
    account, plan = formed(chance, 250, 30), make_plan(FORM_CONTACTS)
    account.heeds = ("limit", "offset")
    entity_read(plan, account, chance)
    told = certified(plan)
    assert told.verdict is Verdict.PARTIAL
    assert "of forms 3, the account did not keep to the order of ids" in (told.reason or "")


def test_no_forms_are_no_rows() -> None:
    """One request tells."""
    plan = make_plan(FORM_CONTACTS)
    got, requests = entity_read(plan, Formed([1, 2, 3]), random.Random(6))
    assert (got, requests, certified(plan).verdict) == ([], 1, Verdict.COMPLETE)


@pytest.mark.parametrize(("form", "contact"), [(1, 10**12), (10**7, 1), (10**17, 10**17)])
def test_ids_too_long_for_a_key_have_one_all_the_same(form: int, contact: int) -> None:
    """Two pairs with one key would be one row, and a key beyond a bigint none at all."""
    other = contact + 1
    account = Formed([contact, other], through={form: {contact, other}, 2: {contact}})
    keys, _ = entity_read(make_plan(FORM_CONTACTS), account, random.Random(7))
    assert len(set(keys)) == len(keys) == 3
    assert max(keys) < 2**63
    again, _ = entity_read(make_plan(FORM_CONTACTS), account, random.Random(8))
    assert sorted(again) == sorted(keys), "a row keeps its key"
