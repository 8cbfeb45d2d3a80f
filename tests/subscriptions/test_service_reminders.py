"""Reminders that a subscription ends: each once for an end, whatever the sweep missed or did twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.organisations.models import Organisation
from eventsapp.subscriptions import service, tasks
from eventsapp.subscriptions.models import Contract, ContractReminder
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus, ReminderKind
from tests.checkout.looking import PRIVATE, pay
from tests.subscriptions.looking import in_full, mails_about
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, a_renewal, place
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

END = date(2027, 5, 31)
READER = "lectrice@exemple.fr"
MAIL = "subscriptions/renewal_reminder"

pytestmark = pytest.mark.usefixtures("client", "frozen")


@contextmanager
def on(day: date) -> Iterator[datetime]:
    """Live a day, at nine in the morning."""
    moment = datetime.combine(day, time(8), tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        yield moment


def _sweep(*days: int) -> list[int]:
    """Run the sweep so many days from the end; return how many reminders each time."""
    sent = []
    for distance in days:
        with on(END + timedelta(days=distance)) as now:
            with unit_of_work.transaction():
                service.expire_due(today=now.date())
            sent.append(service.remind_due(now=now))
    return sent


def _kinds() -> list[ReminderKind]:
    return list(db.session.scalars(sa.select(ContractReminder.kind).order_by(ContractReminder.id)))


@pytest.mark.parametrize("day", [-30, 30])
def test_the_name_of_the_plan_is_shown_literally_in_the_mail(day: int) -> None:
    make_contract(READER, plan=make_plan(name="Papier <b>& plus</b>"))

    _sweep(day)

    html = db.session.scalars(sa.select(OutgoingMail.html).where(OutgoingMail.template == MAIL)).one()
    assert "« Papier &lt;b&gt;&amp; plus&lt;/b&gt; »" in html.replace("\u00a0", " ")


def test_it_sends_each_of_the_five_once_however_often_it_runs() -> None:
    make_contract(READER)

    assert _sweep(-61, -60, -60, -59, -30, -7, 0, 1, 7, 7, 30, 31, 90) == [0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]
    assert _kinds() == list(ReminderKind)
    assert [mail.to_address for mail in mails_about(MAIL)] == [READER] * 5


def test_days_without_a_sweep_are_caught_up_by_the_reminder_that_still_says_something() -> None:
    make_contract(READER)

    assert _sweep(-55, -20, -3, 12, 50) == [1] * 5
    assert _kinds() == list(ReminderKind)


def test_after_a_long_outage_only_the_last_one_is_sent() -> None:
    make_contract(READER)

    assert _sweep(-5, -4) == [1, 0]
    assert _kinds() == [ReminderKind.BEFORE_7]


def test_a_renewal_that_is_ordered_stops_them_and_its_cancellation_does_not() -> None:
    plan, organiser = make_plan(), make_user(RoleName.ORGANISER)
    contract = make_contract(READER, plan=plan)
    order = place(a_renewal(contract, plan), payment_method="cheque", billing=PRIVATE)

    assert _sweep(-60, -30) == [0, 0]
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Erreur", actor=organiser, now=NOW)
    assert _sweep(-29) == [1]


def test_a_renewal_that_is_paid_stops_them_and_has_its_own() -> None:
    plan = make_plan()
    contract = make_contract(READER, plan=plan)
    assert _sweep(-60) == [1]
    order = place(a_renewal(contract, plan), payment_method="card", billing=PRIVATE)
    pay(order, order.total_cents)

    assert _sweep(-30, -7, 7, 30) == [0] * 4
    assert _sweep(365 - 59) == [1]
    told = db.session.scalars(sa.select(ContractReminder.ends_on).order_by(ContractReminder.id)).all()
    assert told == [END, date(2028, 5, 31)]


def test_the_reader_or_the_office_switches_them_off_and_on() -> None:
    contract = make_contract(READER)
    with unit_of_work.transaction():
        service.set_reminders(in_full(contract), on=False, now=NOW)
    assert _sweep(-60) == [0]

    with unit_of_work.transaction():
        service.set_reminders(in_full(contract), on=True, actor=make_user(RoleName.ADMINISTRATOR), now=NOW)
    assert _sweep(-59) == [1]


@pytest.mark.parametrize(
    "values",
    [
        {"status": ContractStatus.CANCELLED},
        {"status": ContractStatus.PENDING},
        {"is_test": True},
        {"kind": ContractKind.COMPLIMENTARY, "reminders": False},
    ],
)
def test_what_does_not_run_or_is_given_away_is_not_reminded_of(values: dict[str, object]) -> None:
    make_contract(READER, **values)

    assert _sweep(-60, -30, -7) == [0, 0, 0]


def test_a_public_body_is_offered_a_quote() -> None:
    body = Organisation(siret=SIRET, name="Ville d’Exemple", created_at=NOW, updated_at=NOW)
    db.session.add(body)
    db.session.commit()
    contract = make_contract(READER, organisation_id=body.id)
    _sweep(-60)

    (mail,) = mails_about(MAIL)
    assert "Ville d’Exemple" in mail.text
    assert "devis" in mail.text
    assert f"/abonnements/renouveler/{contract.secret}/" in mail.text


def test_what_goes_wrong_with_one_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = make_contract("a@exemple.fr").id
    make_contract("b@exemple.fr")
    write = service._reminders.mails.renewal_reminder  # type: ignore[attr-defined]

    def fail_once(contract: Contract, kind: ReminderKind, *, now: datetime) -> None:
        if contract.id == broken:
            raise RuntimeError
        write(contract, kind, now=now)

    monkeypatch.setattr(service._reminders.mails, "renewal_reminder", fail_once)  # type: ignore[attr-defined]

    assert _sweep(-60) == [1]
    monkeypatch.undo()
    assert _sweep(-60) == [1]


def test_the_task_reminds() -> None:
    make_contract(READER)

    with on(END - timedelta(days=60)):
        assert tasks.remind() == 1
