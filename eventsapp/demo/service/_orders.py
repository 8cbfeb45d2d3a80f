"""The orders that each show one state of the seats and of the money, and what happens to them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Item, MoneyReceived, OrderRequest, Seats, Subscription
from eventsapp.core import clock, settings
from eventsapp.demo import reading, rules
from eventsapp.demo.service import _bodies
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import writing
from eventsapp.demo.values import Body, Deed, Guest, Happening, OrderText
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders import queries as order_queries
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.values import Attendee
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.values import Delivery, GiftWish, Reader

#: Stands before the keys of the demonstration's orders, so that none is placed twice.
KEY = "demo-"
#: How soon a buyer is back from the card page.
_AT_THE_CARD_PAGE = timedelta(minutes=3)
#: By then every hold is over.
_HELD = timedelta(hours=1)


def happenings(text: OrderText, *, now: datetime) -> list[Happening]:
    """Return what happens of an order: it is placed, and then what its file says, unless it was placed before."""
    story = _Story(text, now=now)
    return [
        Happening(_placed_at(text, now=now), story.place),
        *(
            Happening(_moment_of_deed(deed, text, now=now), partial(story.do, deed))
            for deed in text.then
            if deed.do != "pay-once-full"
        ),
    ]


class _Story:
    """An order from its placing on; one that is there already is left as it is."""

    def __init__(self, text: OrderText, *, now: datetime) -> None:
        self._text, self._now = text, now
        self._order_id: int | None = None
        self._expires_at: datetime | None = None

    def place(self) -> int:
        text = self._text
        with writing():
            if order_queries.by_key(f"{KEY}{text.key}"):
                return 0
            order = place(request_of(text), key=text.key, now=_placed_at(text, now=self._now))
            self._order_id, self._expires_at = order.id, order.expires_at
        return 1

    def do(self, deed: Deed) -> int:
        if self._order_id is None:
            return 0
        if deed.do == "expire":
            _expire(self._expires_at)
            return 0
        with writing():
            _do(self._order_id, deed, self._text, now=self._now)
        return 0


def pay_late(text: OrderText, *, now: datetime) -> int:
    """Let the money arrive that comes once the day is full; return 1, or 0 when it came before or none does."""
    deed = next((deed for deed in text.then if deed.do == "pay-once-full"), None)
    if deed is None:
        return 0
    with writing():
        order = order_queries.by_key(f"{KEY}{text.key}")
        if order is None or order.paid_cents:
            return 0
        pay(order, deed, now=moment_of(deed.days_ago, text.key, now=now))
    return 1


def place(request: OrderRequest, *, key: str, now: datetime) -> Order:
    """Place an order of the demonstration under its key, as the pages do."""
    order, _bought = checkout.place_order(request, now=now)
    if order.idempotency_key != f"{KEY}{key}" or not order.is_test:
        raise ValueError(key)
    return order


def pay(order: Order, deed: Deed, *, now: datetime) -> None:
    """Let money arrive for an order: from the card page by itself, else typed by the accountant."""
    by_card = payments.method(order.payment_method).online
    cents = deed.amount_cents or order.total_cents
    money = MoneyReceived(
        method=order.payment_method,
        amount_cents=cents,
        gateway_reference=rules.card_payment_id(order.idempotency_key or "", cents=cents) if by_card else None,
        reference=deed.reference,
        bank=deed.bank,
        payer="" if by_card else order.billed_to,
        # One of the cheques is too large, so that there is money to give back.
        surely_too_much=True,
    )
    accountant = None if by_card else actor(RoleName.ACCOUNTANT)
    checkout.settle(order.id, money, received_on=clock.local_date(now), now=now, actor=accountant)


def moment_of(days_ago: int, name: str, *, now: datetime) -> datetime:
    """Return an office hour of that day, another for each name; today, shortly before now."""
    today = clock.local_date(now)
    day = rules.working_day_before(today - timedelta(days=days_ago))
    return min(at(day, sum(map(ord, name))), now - timedelta(minutes=5))


def at(day: date, number: int) -> datetime:
    """Return an office hour of ``day`` where the magazine is made, another for each number."""
    return rules.at(day, number, settings.zone(settings.current().default_timezone))


def _placed_at(text: OrderText, *, now: datetime) -> datetime:
    if text.minutes_ago:
        return now - timedelta(minutes=text.minutes_ago)
    return moment_of(text.days_ago, text.key, now=now)


def _moment_of_deed(deed: Deed, text: OrderText, *, now: datetime) -> datetime:
    if deed.do == "expire":
        return _placed_at(text, now=now) + _HELD
    return max(moment_of(deed.days_ago, text.key, now=now), _placed_at(text, now=now))


def _do(order_id: int, deed: Deed, text: OrderText, *, now: datetime) -> None:
    when = moment_of(deed.days_ago, text.key, now=now)
    order = order_queries.by_key(f"{KEY}{text.key}")
    if order is None:
        raise LookupError(text.key)
    if deed.do == "pay":
        pay(order, deed, now=when + _AT_THE_CARD_PAGE)
    elif deed.do == "accept":
        _accept(order_id, deed, now=when)
    elif deed.do == "invite":
        _invite(order_id, deed, text, now=when)
    elif deed.do == "cancel":
        checkout.cancel_order(order_id, reason=deed.reason, actor=actor(RoleName.ORGANISER), now=when)
    elif deed.do in _DOSSIER:
        _DOSSIER[deed.do](order, deed, when)
    elif deed.do == "refund":
        checkout.refund_by_hand(
            order_id,
            amount_cents=deed.amount_cents or order.paid_cents,
            refunded_on=clock.local_date(when),
            reason=deed.reason,
            actor=actor(RoleName.ACCOUNTANT),
            now=when,
        )
    else:
        raise ValueError(deed.do)


def _receive(order: Order, deed: Deed, when: datetime) -> None:
    codes = Codes(siret=order.siret, service_code=order.service_code, commitment_number=order.commitment_number)
    brought = PurchaseOrder(number=deed.reference)
    checkout.complete_mandat(order.id, codes=codes, brought=brought, now=when)


def _service_done(order: Order, _deed: Deed, when: datetime) -> None:
    checkout.move_mandat(order.id, MandatStatus.SERVICE_DONE, actor=actor(RoleName.ACCOUNTANT), now=when)


def _deposit(order: Order, deed: Deed, when: datetime) -> None:
    portal = ByHand(number=deed.reference, deposited_on=clock.local_date(when))
    checkout.deposit_mandat(order.id, portal, actor=actor(RoleName.ACCOUNTANT), now=when)


def _reject(order: Order, deed: Deed, when: datetime) -> None:
    checkout.reject_mandat(order.id, reason=deed.reason, actor=actor(RoleName.ACCOUNTANT), now=when)


#: What happens to the dossier of a public body.
_DOSSIER = {"receive": _receive, "service-done": _service_done, "deposit": _deposit, "reject": _reject}


def _accept(order_id: int, deed: Deed, *, now: datetime) -> None:
    """Let the reader of the order's gift accept it."""
    for gift in subscription_queries.gifts_of(subscription_queries.contracts_of_order(order_id)).values():
        reader = Reader(email=deed.email, delivery=Delivery(name=gift.recipient_name))
        subscriptions.redeem(gift.secret, reader=reader, locale="fr", now=now)


def _invite(order_id: int, deed: Deed, text: OrderText, *, now: datetime) -> None:
    """Ask the body's person of that last name to fill in the first seat that nobody was asked for."""
    body = reading.bodies()[text.body]
    asked = _bodies.attendee(body, _bodies.called(body, deed.who), rate="")
    seats = registration_queries.of_order(order_id)
    seat = next(seat for seat in seats if not seat.is_named and not seat.invited_email)
    registrations.invite(seat, email=asked.email, now=now)


def invited(slug: str) -> list[str]:
    """Return who was asked to fill in a seat at the day and is to do so: nobody else has a seat for them."""
    return [
        _bodies.attendee(body, _bodies.called(body, deed.who), rate="").email
        for text in reading.orders()
        if text.day == slug and text.body
        for body in (reading.bodies()[text.body],)
        for deed in text.then
        if deed.do == "invite"
    ]


def _expire(expires_at: datetime | None) -> None:
    """Let the holds run out that were over then; the sweep has transactions of its own."""
    if expires_at is None:
        raise ValueError(expires_at)
    checkout.expire_due(now=expires_at + timedelta(minutes=1))


def request_of(text: OrderText) -> OrderRequest:
    """Return what somebody asks for, as the pages hand it over."""
    body = reading.bodies()[text.body] if text.body else None
    return OrderRequest(
        buyer=_bodies.buyer(body) if body else _individual(text),
        billing=_bodies.billing(body, commitment_number=text.commitment_number) if body else Billing(),
        payment_method=text.method,
        items=tuple(_items(text, body)),
        idempotency_key=f"{KEY}{text.key}",
        is_test=True,
    )


def seats_of(text: OrderText) -> list[Seats]:
    """Return the seats that somebody asks for."""
    body = reading.bodies()[text.body] if text.body else None
    seats: list[Seats] = []
    if text.day:
        seats.append(Seats(study_day=text.day, attendees=_attendees(text, body)))
    if text.also and body:
        seats.append(Seats(study_day=text.also.day, attendees=tuple(_guest(body, guest) for guest in text.also.people)))
    return seats


def keeps_its_seats(text: OrderText) -> bool:
    """Return whether the seats are taken in the end: neither cancelled nor given back by the end of the hold."""
    kept = True
    for deed in text.then:
        if deed.do in {"expire", "cancel"}:
            kept = False
        elif deed.do == "pay":
            kept = True
    return kept


def _items(text: OrderText, body: Body | None) -> list[Item]:
    items: list[Item] = [*seats_of(text)]
    if text.plan:
        items.append(
            Subscription(
                plan=text.plan,
                delivery=_bodies.delivery(body) if body else _home(text),
                gift=_wish(text.gift) if text.gift else None,
                renews=_contract_of(text.renews) if text.renews else None,
            )
        )
    return items


def _wish(gift: Mapping[str, str]) -> GiftWish:
    return GiftWish(
        recipient_name=gift["recipient_name"], giver_name=gift.get("giver_name", ""), message=gift["message"]
    )


def _contract_of(key: str) -> int:
    """Return the key of the contract that an earlier order bought."""
    order = order_queries.by_key(f"{KEY}{key}")
    if order is None:
        raise LookupError(key)
    return subscription_queries.contracts_of_order(order.id)[0].id


def _attendees(text: OrderText, body: Body | None) -> tuple[Attendee, ...]:
    if body:
        return tuple(_guest(body, guest) for guest in text.people)
    alone = _individual(text)
    return (Attendee(first_name=alone.first_name, last_name=alone.last_name, email=alone.email, rate=text.rate),)


def _guest(body: Body, guest: Guest) -> Attendee:
    if not guest.who:
        return Attendee(rate=guest.rate)
    return _bodies.attendee(body, _bodies.called(body, guest.who), rate=guest.rate, needs=guest.needs)


def _individual(text: OrderText) -> Buyer:
    first_name, _, last_name = text.buyer["name"].partition(" ")
    return Buyer(email=text.buyer["email"], first_name=first_name, last_name=last_name)


def _home(text: OrderText) -> Delivery:
    home = text.buyer
    return Delivery(
        name=home["name"],
        address=home.get("address", ""),
        postcode=home.get("postcode", ""),
        city=home.get("city", ""),
    )
