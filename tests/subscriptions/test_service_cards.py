"""What a reader agrees to, when it is announced, how it is stopped, taken up again and forgotten."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import CardConsent, request_from_json, request_to_json
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from eventsapp.subscriptions import queries, rules, service
from eventsapp.subscriptions.errors import NotNow
from eventsapp.subscriptions.models import CardAgreement, CardRenewal, Contract, Plan
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, Audience
from tests.support.makers.accounts import make_user
from tests.support.makers.by_card import (
    BEGUN,
    READER,
    WORDS,
    announce,
    charged_at_stripe,
    charges,
    contracts,
    end_of,
    on,
    paid,
    subscribe,
    sweep,
)
from tests.support.makers.orders import SIRET, a_gift, a_request, place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("client")
DAY = timedelta(days=1)


def mails(template: str) -> list[OutgoingMail]:
    return list(
        db.session.scalars(
            sa.select(OutgoingMail)
            .where(OutgoingMail.template == f"subscriptions/{template}")
            .order_by(OutgoingMail.id)
        )
    )


def actions() -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.actor_label)
        .where(AuditEntry.action.like("subscriptions.card_%"))
        .order_by(AuditEntry.id)
    )
    return [(action.removeprefix("subscriptions.card_"), label) for action, label in rows]


def stop(agreement: CardAgreement, day: date) -> None:
    with on(day) as now, unit_of_work.transaction():
        service.stop_card(agreement.id, now=now)
    db.session.expire_all()


def resume(agreement: CardAgreement, day: date) -> None:
    with on(day) as now, unit_of_work.transaction():
        service.resume(agreement.id, now=now)
    db.session.expire_all()


def test_what_was_agreed_to_is_kept_and_its_card_once_the_order_is_paid(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)

    assert (agreement.agreed_text, agreement.agreed_cents) == (WORDS, 12900)
    assert (agreement.state, agreement.card) == (AgreementState.ACTIVE, "Visa •••• 4242")
    assert agreement.customer_id.startswith("cus_")
    assert actions() == [("agreed", "Agnès Delcourt")]


@pytest.mark.parametrize("what", ["cheque", "siret", "company", "free", "gift", "two"])
def test_nobody_else_agrees_to_anything(sandbox: RunningSandbox, what: str) -> None:
    plan = make_plan(price_cents=0 if what == "free" else 12900)
    billing = Billing(
        siret=SIRET if what == "siret" else "",
        organisation="Ville" if what in {"siret", "company"} else "",
        address="1, rue",
        postcode="44000",
        city="Nantes",
    )
    items = {"gift": [a_gift(plan)], "two": [subscription(plan), subscription(make_plan())]}

    place(
        *items.get(what, [subscription(plan)]),
        payment_method="cheque" if what == "cheque" else "card",
        billing=billing,
        buyer=Buyer(email=READER, first_name="Agnès", last_name="Delcourt"),
        card_consent=CardConsent(words=WORDS, price_cents=12900),
        now=NOW,
    )

    assert list(db.session.scalars(sa.select(CardAgreement))) == []


def test_it_is_offered_for_one_subscription_of_ones_own_at_a_persons_plan() -> None:
    plan = make_plan()
    offered = checkout.consent_offered([subscription(plan)])

    assert offered is not None
    assert "129,00" in offered.words
    assert offered.price_cents == 12900
    for items in (
        [],
        [a_gift(plan)],
        [subscription(plan), subscription(plan)],
        [subscription(make_plan(audience=Audience.INSTITUTION))],
        [subscription(make_plan(months=2))],
    ):
        assert checkout.consent_offered(items) is None


def test_a_quote_keeps_no_consent(sandbox: RunningSandbox) -> None:
    request = a_request(subscription(make_plan()), card_consent=CardConsent(words=WORDS, price_cents=1))

    assert request_from_json(request_to_json(request)).card_consent is None


@pytest.mark.parametrize(
    ("days", "told"), [((-76,), 0), ((-75, -75, -74, -40), 1), ((-37,), 1), ((-36,), 0), ((-20,), 0)]
)
def test_a_renewal_is_announced_once_within_the_time_of_the_law(
    sandbox: RunningSandbox, days: tuple[int, ...], told: int
) -> None:
    agreement = subscribe(sandbox)
    ends_on = end_of(agreement)
    assert ends_on == date(2027, 2, 28)

    sweep(*(ends_on + distance * DAY for distance in days))

    assert len(mails("card_announced")) == told


def test_the_notice_says_price_day_and_until_when_in_a_box(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    plan = db.session.get_one(Plan, contracts()[0].plan_id)
    plan.price_cents = 13900
    db.session.commit()

    announce(agreement)

    (mail,) = mails("card_announced")
    text = mail.text.replace("\xa0", " ")
    assert "139,00" in text
    assert "129,00" in text
    assert "23 février 2027" in text
    assert "| Pour refuser ce renouvellement, vous avez jusqu’au lundi 22 février 2027 inclus." in text
    assert agreement.secret in text
    # What it replaces does not leave besides.
    sweep(*(end_of(agreement) + distance * DAY for distance in (-60, -30)))
    assert mails("renewal_reminder") == []


def test_who_stops_is_told_so_and_charged_nothing_and_reminded_again(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)

    stop(agreement, day - DAY)
    stop(agreement, day - DAY)

    assert sweep(day, day + DAY) == 0
    assert (agreement.state, len(mails("card_stopped"))) == (AgreementState.STOPPED, 1)
    assert len(mails("renewal_reminder")) == 1
    assert actions()[1:] == [("stopped", READER)]


def test_the_office_stops_it_in_its_own_name(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    organiser = make_user(RoleName.ORGANISER)

    with unit_of_work.transaction():
        service.stop_card(agreement.id, actor=organiser, now=NOW)

    assert actions()[1:] == [("stopped", organiser.name)]


def test_a_stop_before_the_notice_is_taken_back_and_announced_as_planned(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    stop(agreement, date(2026, 6, 1))
    resume(agreement, date(2026, 6, 2))

    day = announce(agreement)

    assert (sweep(day), len(mails("card_announced"))) == (1, 1)


def test_a_stop_is_taken_back_until_the_end_at_the_price_of_that_day(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    stop(agreement, day - DAY)
    plan = db.session.get_one(Plan, contracts()[0].plan_id)
    plan.price_cents = 13900
    db.session.execute(sa.text("UPDATE plan_components SET cents = 13900 WHERE plan_id = :key"), {"key": plan.id})
    db.session.commit()

    resume(agreement, day + 2 * DAY)

    (renewal,) = db.session.scalars(sa.select(CardRenewal))
    assert (renewal.price_cents, renewal.charge_on) == (13900, day + 3 * DAY)
    (mail,) = mails("card_resumed")
    assert "139,00" in mail.text
    assert [sweep(day + 2 * DAY), sweep(day + 3 * DAY)] == [0, 1]
    assert charged_at_stripe(sandbox) == paid() == [12900, 13900]


def test_a_stop_after_a_refused_try_closes_the_order_and_taken_back_makes_another(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox, card=buyer.DECLINED_LATER)
    day = announce(agreement)
    sweep(day)
    stop(agreement, day + DAY)
    sweep(day + DAY)
    order_ids = list(db.session.scalars(sa.select(Order.id).order_by(Order.id)))
    assert db.session.get_one(Order, order_ids[-1]).status == "cancelled"
    (kept,) = sandbox.objects("payment_method")
    store = sandbox.sandbox.store
    store.put((store.find("payment_method", kept["id"]) or {}) | {"_number": buyer.ACCEPTED})

    resume(agreement, day + DAY)

    assert sweep(day + 4 * DAY) == 1
    assert [row.number for row in charges()] == [1, 2]


def test_a_stop_is_not_taken_back_once_it_ended_or_went_on(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    ends_on = end_of(agreement)
    stop(agreement, ends_on)

    with pytest.raises(NotNow):
        resume(agreement, ends_on + DAY)
    sweep(ends_on + DAY)
    assert (agreement.state, agreement.end_reason) == (AgreementState.OVER, AgreementEnd.STOPPED)
    with pytest.raises(NotNow):
        stop(agreement, ends_on + DAY)


def test_who_gives_notice_of_the_subscription_is_charged_nothing(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)

    with on(day - DAY) as now, unit_of_work.transaction():
        checkout.resign(agreement.order_id, agreement.contract_id, now=now)

    assert sweep(day) == 0
    assert (agreement.state, mails("card_stopped")) == (AgreementState.STOPPED, [])


def test_a_card_that_renews_nothing_any_more_is_forgotten_at_stripe(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    customer_id = agreement.customer_id
    ends_on = end_of(agreement)
    stop(agreement, ends_on - DAY)
    assert sandbox.client().v1.customers.retrieve(customer_id).id == customer_id

    sweep(ends_on + DAY)

    assert (agreement.customer_id, agreement.method_id, agreement.card) == ("", "", "")
    assert getattr(sandbox.client().v1.customers.retrieve(customer_id), "deleted", False)


def is_forgotten(sandbox: RunningSandbox) -> bool:
    """Return whether Stripe keeps no customer any more."""
    made = [row["id"] for row in sandbox.objects("customer")]
    kept = [key for key in made if not getattr(sandbox.client().v1.customers.retrieve(key), "deleted", False)]
    return bool(made) and not kept


def _stop_at_once(order_id: int, now: datetime) -> None:
    with unit_of_work.transaction():
        (agreement,) = queries.agreements_of_order(order_id)
        service.stop_card(agreement.id, now=now)


def _cancel(order_id: int, now: datetime) -> None:
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_order(order_id, reason="erreur", actor=organiser, now=now)


@pytest.mark.parametrize(
    ("meanwhile", "reason"), [(_stop_at_once, AgreementEnd.STOPPED), (_cancel, AgreementEnd.NOT_RUNNING)]
)
def test_a_card_that_pays_after_all_was_stopped_renews_nothing_and_is_forgotten(
    sandbox: RunningSandbox, meanwhile: Callable[[int, datetime], None], reason: AgreementEnd
) -> None:
    agreement = subscribe(sandbox, meanwhile=meanwhile)

    assert (agreement.state, agreement.end_reason, agreement.card) == (AgreementState.OVER, reason, "")
    assert agreement.customer_id
    sweep(BEGUN)
    assert is_forgotten(sandbox)
    assert (agreement.customer_id, mails("card_ended")) == ("", [])


@pytest.mark.parametrize(("ran", "stopped"), [(True, False), (False, False), (True, True)])
def test_of_a_cancelled_subscription_the_card_is_forgotten_the_same_day(
    sandbox: RunningSandbox, ran: bool, stopped: bool
) -> None:
    agreement = subscribe(sandbox)
    if stopped:
        stop(agreement, BEGUN)
    if not ran:
        db.session.execute(sa.update(Contract).values(starts_on=None, ends_on=None))
        db.session.commit()
    _cancel(agreement.order_id, NOW)

    sweep(BEGUN + DAY, BEGUN + 2 * DAY)

    reason = AgreementEnd.STOPPED if stopped else AgreementEnd.NOT_RUNNING
    assert (agreement.state, agreement.end_reason) == (AgreementState.OVER, reason)
    assert is_forgotten(sandbox)
    assert len(mails("card_ended")) == (ran and not stopped)


def test_while_stripe_has_not_said_the_card_by_which_it_is_found_is_kept(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    sandbox.turn(reset_next=9)
    sweep(day)
    sandbox.turn(reset_next=0)
    _cancel(agreement.order_id, NOW)
    stop(agreement, day)

    with on(day) as now:
        service.announce_renewals_due(now=now)
        assert service.forget_cards_due(now=now) == 0
    sweep(day + DAY, day + DAY)

    assert is_forgotten(sandbox)


def test_the_days_of_a_renewal_by_card() -> None:
    end = date(2027, 3, 14)

    assert rules.charge_day(ends_on=end) == date(2027, 3, 9)
    assert rules.refuse_until(charge_on=date(2027, 3, 9)) == date(2027, 3, 8)
    assert rules.notice_window(ends_on=end) == (date(2026, 12, 29), date(2027, 2, 8))
    assert [rules.next_charge(charge_on=date(2027, 3, 9), ends_on=end, tried=tried) for tried in range(4)] == [
        date(2027, 3, 9),
        date(2027, 3, 11),
        end,
        None,
    ]
    assert rules.next_charge(charge_on=date(2027, 3, 12), ends_on=end, tried=2) is None
    assert rules.charge_day_once_resumed(ends_on=end, today=date(2027, 1, 1)) == date(2027, 3, 9)
    assert rules.charge_day_once_resumed(ends_on=end, today=date(2027, 3, 11)) == date(2027, 3, 12)
    assert rules.charge_day_once_resumed(ends_on=end, today=end) == end


def test_contracts_carry_no_agreement_of_others(sandbox: RunningSandbox) -> None:
    mine, yours = subscribe(sandbox), subscribe(sandbox, email="autre@exemple.fr")

    found = queries.agreements_of(db.session.scalars(sa.select(Contract)).all())

    assert {key: row.id for key, row in found.items()} == {
        mine.contract_id: mine.id,
        yours.contract_id: yours.id,
    }
