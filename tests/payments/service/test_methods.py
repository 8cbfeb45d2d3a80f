"""Payment methods written by the office: what is kept, what is told, what is refused, and what orders keep."""

import random
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid
from eventsapp.dunning.models import ReminderStep
from eventsapp.orders.models import Order
from eventsapp.payments import queries, rules, service
from eventsapp.payments.errors import MethodInUse
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import MethodDraft
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, place, seats
from tests.support.makers.payments import a_held_method, a_method, make_method
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


@pytest.fixture
def actor(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


def edit(method: PaymentMethod, draft: MethodDraft, *, actor: User, place: int = 9, version: int = 1) -> None:
    with unit_of_work.transaction():
        service.edit_method(method, draft, place=place, version=version, actor=actor, now=NOW)


def history() -> list[AuditEntry]:
    found = sa.select(AuditEntry).where(AuditEntry.subject_kind == "payment_method").order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def codes() -> list[str]:
    return [method.code for method in queries.all_methods()]


def test_a_new_method_takes_its_place_and_its_name_s_code(actor: User) -> None:
    made = make_method(a_method(name="Chèque-vacances"), place=2)

    assert codes() == ["card", "cheque-vacances", "mandat", "cheque", "transfer"]
    assert [method.position for method in queries.all_methods()] == [1, 2, 3, 4, 5]
    assert (made.payment_days, made.grace_days, made.shown_details) == (45, 5, ["payee", "iban", "bic"])
    (line,) = history()
    assert (line.action, line.subject_label) == ("payment_methods.create", "Chèque-vacances")
    assert line.changes["payment_days"] == [None, 45]


def test_two_methods_of_one_name_have_two_codes_and_no_page_s(actor: User) -> None:
    made = [make_method(a_method(name=name)).code for name in ("Virement SEPA", "Virement, SEPA", "Nouveau")]

    assert made == ["virement-sepa", "virement-sepa-2", "nouveau-2"]


def test_no_two_methods_have_one_name(actor: User) -> None:
    with pytest.raises(Invalid) as refused:
        make_method(a_method(name="chèque BANCAIRE"))

    assert "Un autre mode porte ce nom" in refused.value.errors["/name"]
    cheque = queries.method("cheque")
    edit(cheque, replace(cheque.draft, grace_days=1), actor=actor)
    assert cheque.grace_days == 1


def test_an_edit_tells_before_and_after_and_raises_the_version(actor: User) -> None:
    method = make_method()

    edit(method, a_method(payment_days=60, shown_details=("iban",)), actor=actor, place=1)

    assert (method.payment_days, method.version, codes()[0]) == (60, 2, method.code)
    line = history()[-1]
    assert line.action == "payment_methods.edit"
    assert line.changes == {
        "payment_days": [45, 60], "shown_details": ["payee, iban, bic", "iban"], "position": [5, 1],
    }  # fmt: skip


def test_the_second_of_two_editors_is_told(actor: User) -> None:
    method = make_method()
    edit(method, a_method(payment_days=60), actor=actor)

    with pytest.raises(Conflict):
        edit(method, a_method(payment_days=90), actor=actor)

    db.session.expire_all()
    assert method.payment_days == 60


def test_an_order_keeps_its_dates_and_terms_whatever_its_method_says_later(actor: User) -> None:
    method = make_method(a_method(payment_days=45, grace_days=5))
    before = place(seats(make_study_day()), payment_method=method.code)

    edit(method, a_method(payment_days=10, grace_days=0, invoice_at=InvoiceMoment.PAYMENT), actor=actor)

    order = db.session.get_one(Order, before.id)
    after = place(seats(make_study_day()), payment_method=method.code)
    assert (order.due_on, order.tolerated_until) == (date(2027, 1, 7), date(2027, 1, 12))
    assert (after.due_on, after.tolerated_until) == (date(2026, 12, 3), date(2026, 12, 3))
    kept, new = queries.terms_of(order), queries.terms_of(after)
    assert (kept.payment_days, kept.grace_days, kept.invoice_at) == (45, 5, InvoiceMoment.ORDER)
    assert (new.payment_days, new.grace_days, new.invoice_at) == (10, 0, InvoiceMoment.PAYMENT)


def test_the_last_method_on_offer_stays_on_offer(actor: User) -> None:
    for code in ("mandat", "cheque", "transfer"):
        method = queries.method(code)
        method.enabled = False
    db.session.commit()
    card = queries.method("card")

    with pytest.raises(Invalid) as refused:
        edit(card, replace(card.draft, enabled=False), actor=actor)

    assert "C’est le seul mode proposé" in refused.value.errors["/enabled"]


def test_a_card_that_nobody_can_pay_by_does_not_count_as_an_offer(
    app: Flask, actor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["eventsapp.settings"]
    monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, stripe_secret_key=""))
    for code in ("mandat", "cheque"):
        queries.method(code).enabled = False
    transfer = queries.method("transfer")
    db.session.commit()

    assert [method.code for method in queries.enabled_methods()] == ["transfer"]
    assert queries.enabled_method("card") is None
    with pytest.raises(Invalid):
        edit(transfer, a_method(name="Virement", enabled=False), actor=actor)


def test_what_served_is_not_deleted_and_what_did_not_goes_with_its_reminders(actor: User) -> None:
    used, unused = make_method(a_method(name="Servi")), make_method(a_method(name="Neuf"))
    place(seats(make_study_day()), payment_method=used.code)
    db.session.add(
        ReminderStep(
            method=unused.code, step=1, counted_from="due", days=5, level="polite", title="R", title_en="R", text="…",
            text_en="…",
        )
    )  # fmt: skip
    db.session.commit()

    with pytest.raises(MethodInUse), unit_of_work.transaction():
        service.remove_method(used, actor=actor, now=NOW)
    with unit_of_work.transaction():
        service.remove_method(unused, actor=actor, now=NOW)

    db.session.expire_all()
    assert "servi" in codes()
    assert "neuf" not in codes()
    assert db.session.scalars(sa.select(ReminderStep).where(ReminderStep.method == "neuf")).all() == []
    line = history()[-1]
    assert (line.action, line.subject_label, line.changes["code"]) == ("payment_methods.delete", "Neuf", ["neuf", None])


def test_a_quote_keeps_its_method_too(actor: User) -> None:
    method = make_method()
    with unit_of_work.transaction():
        checkout.make_quote(a_request(seats(make_study_day()), payment_method=method.code), now=NOW)

    with pytest.raises(MethodInUse), unit_of_work.transaction():
        service.remove_method(method, actor=actor, now=NOW)


def test_the_database_keeps_the_method_of_an_order_even_from_who_does_not_ask(actor: User) -> None:
    method = make_method()
    place(seats(make_study_day()), payment_method=method.code)

    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.delete(method)


POSSIBLE: dict[str, tuple[Any, ...]] = {
    "online": (True, False),
    "confirms_seat": (True, False),
    "starts_subscription": (True, False),
    "suspend_days": (None, None, -1, 0, 30),
    "hold_minutes": (None, 0, 30, 1380, 1381),
    "payment_days": (None, 0, 30),
    "grace_days": (-1, 0, 5),
    "closes_days_before": (0, 0, -1),
    "purchase_order_days": (None, None, 0, 10),
    "invoice_at": tuple(InvoiceMoment),
    "invoice_choice": (False, False, True),
    "proforma": (True, False),
    "means_code": ("30", "48"),
}


@pytest.fixture
def drafts() -> list[MethodDraft]:
    """Methods drawn at random, most of them impossible, and some that are nearly right."""
    chance = random.Random(45)  # noqa: S311 - no secret
    drawn = [a_method(**{name: chance.choice(values) for name, values in POSSIBLE.items()}) for _ in range(250)]
    near = [
        a_method(**{name: chance.choice(POSSIBLE[name]) for name in chance.sample(sorted(POSSIBLE), 2)})
        for _ in range(250)
    ]
    return [replace(draft, required_fields=("siret",)) for draft in (*drawn, *near)]


def test_the_rules_and_the_checks_of_the_database_say_the_same(drafts: list[MethodDraft]) -> None:
    different, taken = [], 0
    for draft in drafts:
        try:
            rules.require_possible(draft, takes_cards=True)
            possible = True
        except Invalid:
            possible = False
        columns = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(draft).items()}
        try:
            with db.session.begin_nested() as attempt:
                db.session.add(PaymentMethod(code="essai", position=9, **columns))
                db.session.flush()
                attempt.rollback()
            kept = True
        except IntegrityError:
            kept = False
        taken += kept
        if possible != kept:
            different.append(draft)

    assert different == []
    assert 40 < taken < 300


def test_a_hold_ends_with_the_day_at_the_latest() -> None:
    method = make_method(a_held_method(hold_minutes=10 * 24 * 60))
    soon = make_study_day(starts_at=NOW + timedelta(days=3))

    assert place(seats(soon), payment_method=method.code).expires_at == soon.starts_at
    later = place(seats(make_study_day()), payment_method=method.code)
    assert later.expires_at == NOW + timedelta(days=10)
