"""What every mail says: one case a variant, each kept in ``texts/`` as its reader gets it.

``WRITE_SNAPSHOTS=1 pytest tests/mail/test_outbox_texts.py`` writes the files anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.accounts import service as accounts
from eventsapp.accounts.access import RoleName
from eventsapp.checkout import mails as checkout_mails
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine import service as magazine
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.magazine.values import SharedPage, Sharing
from eventsapp.mail.models import OutgoingMail
from eventsapp.mandats import service as mandats
from eventsapp.orders import queries as order_queries
from eventsapp.orders.models import Order
from eventsapp.places.models import City
from eventsapp.receipts import service as receipts
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.statuses import ContractKind, Edition
from eventsapp.subscriptions.values import Delivery, Reader
from tests.checkout import mail_cases as promises
from tests.checkout.looking import PRIVATE, pay
from tests.mailings import mail_cases as mailings
from tests.newsletter import mail_cases as newsletter
from tests.receipts import mail_cases as by_hand
from tests.registrations import mail_cases as registrations
from tests.registrations.looking import seat_of
from tests.subscriptions import mail_cases as readers
from tests.subscriptions import mail_cases_cards as cards
from tests.subscriptions import mail_cases_paper as paper
from tests.subscriptions.looking import gift_of
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.orders import a_gift, a_renewal, an_attendee, place, seats, subscription
from tests.support.makers.payments import a_held_method, make_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.snapshots import kept, settled
from tests.waiting_list import mail_cases as waiting_list

TEXTS = Path(__file__).parent / "texts"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
OF_ROOMS = (newsletter, registrations, waiting_list, mailings, readers, paper, cards, by_hand)
#: Mails of these rooms are tried where their papers are.
ELSEWHERE = {"attendance", "dunning", "invoices"}

pytestmark = [pytest.mark.usefixtures("client", "frozen"), pytest.mark.by_turns]


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody does, and the mail it sends: the last one of that template."""

    template: str
    does: Callable[[], object]


def _day() -> StudyDay:
    city = City(slug="angers", name="Angers", latitude=47.47, longitude=-0.55)
    return make_study_day(slug="angers", title="Mutualiser : mais quoi ?", city=city)


def _order(method: str = "mandat", *, locale: str = "fr") -> Order:
    if method in {"mandat", "transfer"}:
        return place(seats(_day()), payment_method=method, locale=locale)
    return place(seats(_day()), payment_method=method, locale=locale, billing=PRIVATE)


def _paid(cents: int, *, method: str = "cheque") -> None:
    pay(_order(method), cents, surely_too_much=True)


def _subscribed() -> None:
    plan = make_plan(slug="seul", name="Individuel")
    pay(place(subscription(plan), payment_method="cheque", billing=PRIVATE), plan.price_cents)


def _cancelled(cents: int = 0) -> None:
    order, organiser = _order(), make_user(RoleName.ORGANISER)
    if cents:
        pay(order, cents)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Empêchement", actor=organiser, now=NOW)


def _awaited() -> None:
    _order()
    mandats.remind_due(now=NOW + timedelta(days=10))


def _expired() -> None:
    _order("card")
    checkout.expire_due(now=NOW + timedelta(days=1))


def _held() -> Order:
    return place(seats(_day()), payment_method=make_method(a_held_method()).code)


def _held_too_long() -> None:
    _held()
    checkout.expire_due(now=NOW + timedelta(days=10))


def _paid_too_late() -> None:
    order, organiser = _order("cheque"), make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="", actor=organiser, now=NOW)
    pay(order, 62100, surely_too_much=True)


def _links() -> None:
    order = _order()
    with unit_of_work.transaction():
        checkout_mails.order_links(order.email, list(order_queries.orders_of(order.email)), locale="fr", now=NOW)


def _called_off() -> None:
    _order()
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_day(_loaded("angers"), note="La salle est fermée.", actor=organiser, now=NOW)
    checkout.cancel_orders_of_days(now=NOW)


def _cancelled_by_buyer() -> None:
    order = _order("cheque")
    pay(order, 62100)
    with unit_of_work.transaction():
        checkout.cancel_by_buyer(order.id, fee_cents=31050, now=datetime(2027, 2, 20, 9, tzinfo=UTC))


def _cancelled_in_part() -> None:
    order = place(seats(_day(), an_attendee(1), an_attendee(2)), payment_method="cheque", billing=PRIVATE)
    with unit_of_work.transaction():
        checkout.cancel_part(order.id, seat_ids=[seat_of(order, 2).id], fee_cents=0, now=NOW)


def _moved(*, to: date | None) -> None:
    _order()
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.postpone_day(_loaded("angers"), to=to, note="", reopen=False, actor=organiser, now=NOW)


def _loaded(slug: str) -> StudyDay:
    day = study_days.day_in_full(slug)
    assert day is not None
    return day


def _asked_to_sign_in(*, locale: str = "fr") -> None:
    email = make_user().email
    with unit_of_work.transaction():
        accounts.send_code(email=email, locale=locale, now=NOW)


def _forgot() -> None:
    email = make_user().email
    with unit_of_work.transaction():
        accounts.send_password_link(email=email, locale="fr", now=NOW)


def _chose() -> None:
    user = make_user()
    with unit_of_work.transaction():
        accounts.choose_password(db.session.merge(user), password="quatre mots au hasard", locale="fr", now=NOW)


def _invited(*, known: bool) -> None:
    user = make_user(password="un-mot-de-passe-de-test" if known else None)
    with unit_of_work.transaction():
        accounts.send_invitation(db.session.merge(user), by="Ana Diaz", now=NOW)


def _shared() -> None:
    page = SharedPage(title="Mutualiser", lead="Un chapô.", path="/articles/x/", url="http://localhost/articles/x/")
    sharing = Sharing(
        sender_name="Claude Roux", sender_email="c@exemple.fr", recipient="d@exemple.fr", message="À lire.\nVite."
    )
    with unit_of_work.transaction():
        magazine.share(page=page, sharing=sharing, locale="fr", now=NOW)


def _sent_back() -> None:
    author, reviewer = make_user(RoleName.ORGANISER), make_user(RoleName.EDITOR)
    author.first_name, author.last_name = "Camille", "Ancelin"
    reviewer.first_name, reviewer.last_name = "Noé", "Relecteur"
    article = make_article(id=417, title="Cinq récits", author_id=author.id, status=ArticleStatus.IN_REVIEW)
    with unit_of_work.transaction():
        magazine.request_changes(article, actor=reviewer, now=NOW, note="Citez la source.\nResserrez le chapô.")


def _moved_away() -> None:
    source, target = (place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE) for _ in range(2))
    pay(source, 12900, reference="0001234")
    with unit_of_work.transaction():
        receipts.move(
            source.id, target.id, amount_cents=12900, reason="Chèque de l’autre commande",
            actor=make_user(RoleName.ACCOUNTANT), now=NOW,
        )  # fmt: skip


def _seats_released() -> None:
    order = place(
        seats(make_study_day(slug="angers")), subscription(make_plan()), payment_method="cheque", billing=PRIVATE
    )
    with unit_of_work.transaction():
        checkout.release_seats(
            order.id, reason="contestation perdue : 621,00 € repris", actor=make_user(RoleName.ACCOUNTANT), now=NOW
        )


def _gift(method: str = "card", *, by_mail: bool = True, locale: str = "fr") -> Order:
    plan = make_plan(slug="cadeau", name="Papier et numérique", name_en="Print and digital", edition=Edition.BOTH)
    wish = a_gift(plan, recipient_email="claude.roux@exemple.fr" if by_mail else "", giver_name="L’équipe d’Angers")
    return place(wish, payment_method=method, locale=locale, billing=PRIVATE)


def _asked_to_renew(*, locale: str) -> None:
    plan = make_plan(name="Numérique", name_en="Digital")
    place(a_renewal(make_contract("lectrice@exemple.fr", plan=plan)), locale=locale)


def _given(*, by_mail: bool = True, locale: str = "fr") -> Order:
    order = _gift(by_mail=by_mail, locale=locale)
    pay(order, order.total_cents)
    return order


def _announced(*, locale: str = "fr") -> None:
    _given(locale=locale)
    subscriptions.announce_due(now=NOW)


def _accepted() -> None:
    gift = gift_of(_given())
    home = Delivery(name="Claude Roux", address="18, rue des Jardiniers", postcode="38000", city="Grenoble")
    with unit_of_work.transaction():
        subscriptions.redeem(
            gift.secret, reader=Reader(email="claude.roux@exemple.fr", delivery=home), locale="fr", now=NOW
        )


def _unanswered(*, by_mail: bool) -> None:
    _given(by_mail=by_mail)
    subscriptions.announce_due(now=NOW)
    subscriptions.tell_givers(now=NOW + timedelta(days=31))


def _reminded(days: int, **values: object) -> None:
    plan = make_plan(name="Numérique", name_en="Digital")
    make_contract("lectrice@exemple.fr", plan=plan, ends_on=NOW.date() - timedelta(days=days), **values)
    subscriptions.expire_due(today=NOW.date())
    db.session.commit()
    subscriptions.remind_due(now=NOW)


def _reminded_body() -> None:
    plan = make_plan(name="Institution, 5 lecteurs", readers=5)
    (contract,) = subscription_queries.contracts_of_order(place(subscription(plan), payment_method="mandat").id)
    assert contract.ends_on is not None
    subscriptions.remind_due(now=NOW + (contract.ends_on - timedelta(days=60) - NOW.date()))


def _renewed_twice() -> None:
    contract = make_contract("lectrice@exemple.fr", plan=make_plan(name="Numérique"))
    orders = [place(a_renewal(contract), payment_method=method, billing=PRIVATE) for method in ("card", "cheque")]
    for order in orders:
        pay(order, order.total_cents)


def _withdrawn() -> None:
    order = place(
        subscription(make_plan(name="en ligne", edition=Edition.DIGITAL)), payment_method="cheque", billing=PRIVATE
    )
    with unit_of_work.transaction():
        checkout.withdraw(order.id, now=NOW)


def _resigned() -> None:
    order = place(
        subscription(make_plan(name="en ligne", edition=Edition.DIGITAL)), payment_method="cheque", billing=PRIVATE
    )
    pay(order, order.total_cents)
    (contract,) = subscription_queries.contracts_of_order(order.id)
    with unit_of_work.transaction():
        checkout.resign(order.id, contract.id, now=NOW)


CASES: dict[str, Case] = {
    "order_placed_mandat": Case("checkout/order_placed", _order),
    "order_placed_mandat_en": Case("checkout/order_placed", lambda: _order(locale="en")),
    "order_placed_card": Case("checkout/order_placed", lambda: _order("card")),
    "order_placed_cheque": Case("checkout/order_placed", lambda: _order("cheque")),
    "order_placed_transfer": Case("checkout/order_placed", lambda: _order("transfer")),
    "order_placed_held": Case("checkout/order_placed", _held),
    "payment_received_all": Case("checkout/payment_received", lambda: _paid(62100)),
    "payment_received_part": Case("checkout/payment_received", lambda: _paid(20000)),
    "payment_received_too_much": Case("checkout/payment_received", lambda: _paid(70000)),
    "payment_received_subscription": Case("checkout/payment_received", _subscribed),
    "payment_received_too_late": Case("checkout/payment_received", _paid_too_late),
    "order_cancelled": Case("checkout/order_cancelled", _cancelled),
    "order_cancelled_paid": Case("checkout/order_cancelled", lambda: _cancelled(62100)),
    "order_cancelled_with_fee": Case("checkout/order_cancelled", _cancelled_by_buyer),
    "part_cancelled": Case("checkout/part_cancelled", _cancelled_in_part),
    "seat_cancelled": Case("registrations/seat_cancelled", _cancelled_in_part),
    "access_suspended": Case("checkout/access_suspended", _moved_away),
    "access_suspended_unpaid": Case("checkout/access_suspended", promises.suspended),
    "suspension_announced": Case("checkout/suspension_announced", promises.warned),
    "access_reopened": Case("checkout/access_reopened", promises.reopened),
    "seats_released": Case("checkout/seats_released", _seats_released),
    "order_expired": Case("checkout/order_expired", _expired),
    "order_expired_held": Case("checkout/order_expired", _held_too_long),
    "withdrawal_received": Case("checkout/withdrawal_received", _withdrawn),
    "notice_received": Case("checkout/notice_received", _resigned),
    "order_links": Case("checkout/order_links", _links),
    "seat_confirmed": Case("registrations/seat_confirmed", _order),
    "day_cancelled": Case("registrations/day_cancelled", _called_off),
    "day_postponed": Case("registrations/day_postponed", lambda: _moved(to=date(2027, 3, 24))),
    "day_postponed_no_date": Case("registrations/day_postponed", lambda: _moved(to=None)),
    "purchase_order_awaited": Case("mandats/purchase_order_awaited", _awaited),
    "sign_in_code": Case("accounts/sign_in_code", _asked_to_sign_in),
    "sign_in_code_en": Case("accounts/sign_in_code", lambda: _asked_to_sign_in(locale="en")),
    "choose_password": Case("accounts/choose_password", _forgot),
    "password_changed": Case("accounts/password_changed", _chose),
    "invitation": Case("accounts/invitation", lambda: _invited(known=False)),
    "invitation_known": Case("accounts/invitation", lambda: _invited(known=True)),
    "page_sent": Case("magazine/page_sent", _shared),
    "changes_requested": Case("magazine/changes_requested", _sent_back),
    "order_placed_gift": Case("checkout/order_placed", lambda: _gift("cheque")),
    "order_placed_gift_en": Case("checkout/order_placed", lambda: _gift("cheque", locale="en")),
    "order_placed_renewal_en": Case("checkout/order_placed", lambda: _asked_to_renew(locale="en")),
    "payment_received_gift": Case("checkout/payment_received", _given),
    "payment_received_gift_card": Case("checkout/payment_received", lambda: _given(by_mail=False)),
    "payment_received_renewed_already": Case("checkout/payment_received", _renewed_twice),
    "gift_announced": Case("subscriptions/gift_announced", _announced),
    "gift_announced_en": Case("subscriptions/gift_announced", lambda: _announced(locale="en")),
    "gift_started": Case("subscriptions/gift_started", _accepted),
    "gift_accepted": Case("subscriptions/gift_accepted", _accepted),
    "gift_waiting": Case("subscriptions/gift_waiting", lambda: _unanswered(by_mail=True)),
    "gift_waiting_card": Case("subscriptions/gift_waiting", lambda: _unanswered(by_mail=False)),
    "renewal_reminder_before": Case("subscriptions/renewal_reminder", lambda: _reminded(-30)),
    "renewal_reminder_after": Case("subscriptions/renewal_reminder", lambda: _reminded(7)),
    "renewal_reminder_last": Case("subscriptions/renewal_reminder", lambda: _reminded(30)),
    "renewal_reminder_gift": Case("subscriptions/renewal_reminder", lambda: _reminded(-7, kind=ContractKind.GIFT)),
    "renewal_reminder_trial": Case("subscriptions/renewal_reminder", lambda: _reminded(7, kind=ContractKind.TRIAL)),
    "renewal_reminder_en": Case("subscriptions/renewal_reminder", lambda: _reminded(-60, locale="en")),
    "renewal_reminder_public_body": Case("subscriptions/renewal_reminder", _reminded_body),
    **{name: Case(*case) for room in OF_ROOMS for name, case in room.CASES.items()},
}


@pytest.mark.parametrize("name", CASES)
def test_a_mail_says_what_it_said(name: str) -> None:
    case = CASES[name]
    case.does()

    mail = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.template == case.template).order_by(OutgoingMail.id.desc())
    ).first()
    assert mail is not None
    said = settled(f"{mail.subject}\n\n{mail.text}")

    assert said == kept(TEXTS / f"{name}.txt", said)


def test_every_mail_has_a_case_and_every_text_too() -> None:
    written = {
        f"{folder.parent.parent.name}/{folder.name}" for folder in TEMPLATES.glob("*/mails/*") if folder.is_dir()
    }

    assert {name for name in written if name.split("/")[0] not in ELSEWHERE} == {c.template for c in CASES.values()}
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(CASES)
