"""The other seats of each day: groups of the made-up bodies, one after the other, until as many are taken as wanted."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count, cycle
from typing import Any

from eventsapp.checkout.values import OrderRequest, Seats
from eventsapp.core import clock
from eventsapp.demo import queries, reading, rules
from eventsapp.demo.service import _bodies, _door, _orders
from eventsapp.demo.service._transaction import writing
from eventsapp.demo.values import Body, DayText, Deed, Happening
from eventsapp.orders import queries as order_queries
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.values import Attendee
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.statuses import QuestionKind, QuestionScope, RateCode
from eventsapp.subscriptions import queries as subscriptions

#: People of one group, one group after the other.
_SIZES = (3, 2, 4, 1, 5, 2, 3, 1, 4, 2)
#: How they pay, likewise; two of the four methods are rarer.
_METHODS = ("mandat", "card", "mandat", "transfer", "mandat", "card", "mandat", "cheque")
#: After how many days the money arrives; beyond today it is still awaited.
_PAID_AFTER = {"card": 0, "mandat": 27, "transfer": 6, "cheque": 9}
#: Who sends transfers, and whose cheques come.
_PAYMASTER, _BANK = "Trésorerie de Port-Bessac", "Banque des Communes"
#: Every so many mandats one is late.
_LATE_EVERY = 7
#: Every so many people one asks for something.
_NEEDS_EVERY = 19
#: Every so many people one leaves the organiser’s questions unanswered.
_SILENT_EVERY = 6
_NEEDS = (
    "Boucle magnétique, s’il vous plaît.",
    "Repas sans porc.",
    "Je viens avec un chien d’assistance.",
    "Documents en grands caractères, envoyés avant la journée.",
    "Place près de la sortie.",
)
#: The last order comes so many days before a day that is past, and within as many days for one that is to come.
_ENDS_BEFORE, _ENDS_WITHIN = 8, 9
#: The first ones come so many days after it was announced.
_BEGINS_AFTER = 6


@dataclass(frozen=True, slots=True)
class _Group:
    """Some people of one body, who order together on a day."""

    number: int
    body: Body
    lines: tuple[str, ...]
    method: str
    placed_at: datetime


def happenings(text: DayText, *, now: datetime) -> list[Happening]:
    """Return how the seats of a day are sold that orders.toml leaves, by groups; nothing when it was done before."""
    with writing():
        day = queries.day(text.slug)
        if day is None or queries.has_order(f"{_orders.KEY}{text.slug}-"):
            return []
        # People of today are awaited to the evening, whenever the demonstration is loaded.
        is_over = day.last_date < clock.local_date(now)
        ordered = _ordered(text.slug)
        groups = _groups(
            text, day, seats=text.seats - len(ordered), seated={*ordered, *_orders.invited(text.slug)}, now=now
        )
    found = []
    for group in groups:
        found.append(Happening(group.placed_at, partial(_place, text.slug, group)))
        paid_at = _paid_at(group, now=now)
        if paid_at is not None:
            found.append(Happening(paid_at, partial(_pay, text.slug, group, paid_at)))
    if is_over:
        found.append(Happening(now, partial(_door.record_attendance, text.slug)))
    return found


def _ordered(slug: str) -> list[str]:
    """Return the addresses of the seats of the day that orders.toml sells: of each person one, of nobody none."""
    texts = [*reading.orders(), *(quote.order for quote in reading.quotes() if quote.ordered_days_ago is not None)]
    return [
        attendee.email
        for text in texts
        if _orders.keeps_its_seats(text)
        for seats in _orders.seats_of(text)
        if seats.study_day == slug
        for attendee in seats.attendees
    ]


def _place(slug: str, group: _Group) -> int:
    with writing():
        day = _day(slug)
        _orders.place(_request(group, day), key=f"{slug}-{group.number}", now=group.placed_at)
    return 1


def _pay(slug: str, group: _Group, paid_at: datetime) -> int:
    with writing():
        order = order_queries.by_key(f"{_orders.KEY}{slug}-{group.number}")
        if order is not None and order.total_cents:
            _orders.pay(order, _payment(group, _day(slug)), now=paid_at)
    return 0


def _day(slug: str) -> StudyDay:
    day = queries.day(slug)
    if day is None:
        raise LookupError(slug)
    return day


def _paid_at(group: _Group, *, now: datetime) -> datetime | None:
    """Return when the money of a group comes; ``None`` while it is awaited."""
    paid_on = clock.local_date(group.placed_at) + timedelta(days=_PAID_AFTER[group.method])
    if _is_late(group) or paid_on > clock.local_date(now):
        return None
    paid_at = group.placed_at + timedelta(minutes=3)
    if group.method != "card":
        paid_at = _orders.at(rules.working_day_before(paid_on), group.number)
    return min(max(paid_at, group.placed_at), now)


def _groups(text: DayText, day: StudyDay, *, seats: int, seated: Collection[str], now: datetime) -> list[_Group]:
    """Return the groups that take ``seats`` in all, spread over the time in which the day is sold."""
    today, start = clock.local_date(now), sum(map(ord, text.slug))
    last_day = min(today - timedelta(days=start % _ENDS_WITHIN), day.date - timedelta(days=_ENDS_BEFORE))
    if text.closes_in_days is not None:
        last_day = min(last_day, today + timedelta(days=text.closes_in_days - 1))
    first_day = today - timedelta(days=text.announced_days_ago - _BEGINS_AFTER)
    span = max(0, (last_day - first_day).days)
    parties = list(_parties(seats, start=start, seated=seated))
    groups = []
    for number, (body, lines) in enumerate(parties):
        # More people come as the day draws near.
        place = 1 - (1 - (number + 1) / len(parties)) ** 1.5
        on = rules.working_day_before(first_day + timedelta(days=round(span * place)))
        method = _METHODS[(start + number) % len(_METHODS)]
        placed_at = min(_orders.at(on, start + number), now - timedelta(minutes=20))
        groups.append(_Group(number, body, lines, method, placed_at))
    return groups


def _parties(seats: int, *, start: int, seated: Collection[str]) -> Iterator[tuple[Body, tuple[str, ...]]]:
    """Go through bodies and who of each comes together, until ``seats`` are taken; other ones for each ``start``.

    Nobody comes twice, nor whoever is ``seated`` by address; there are more people than the largest day has seats.
    """
    bodies = list(reading.bodies().values())
    coming = {
        body.slug: [
            line for line in (*body.staff, *body.elected) if _bodies.attendee(body, line, rate="").email not in seated
        ]
        for body in bodies
    }
    for number, wanted in enumerate(cycle(_SIZES)):
        if seats <= 0 or not any(coming.values()):
            return
        body = bodies[(start + number * 5) % len(bodies)]
        if people := coming[body.slug]:
            first = (start + number) % len(people)
            together = [*people[first:], *people[:first]][: min(wanted, seats)]
            coming[body.slug] = [line for line in people if line not in together]
            yield body, tuple(together)
            seats -= len(together)


def _request(group: _Group, day: StudyDay) -> OrderRequest:
    buyer = _bodies.buyer(group.body, group.number)
    siret = _bodies.siret(group.body)
    held = registrations.subscriber_seats({day.id}, emails={buyer.email}, sirets={siret} - {""}).get(day.id, [])
    covered = subscriptions.covered_seats(email=buyer.email, siret=siret, on=clock.local_date(group.placed_at)) - len(
        held
    )
    codes = {rate.code for rate in day.rates if rate.is_available(group.placed_at)}
    full_price = RateCode.EARLY_BIRD if RateCode.EARLY_BIRD in codes else RateCode.STANDARD
    asked = study_days.questions_asked([day.id]).get(day.id, [])
    attendees: list[Attendee] = []
    for line, number in zip(group.lines, count(group.number * 3 + len(day.slug)), strict=False):
        elected = line in group.body.elected and RateCode.ELECTED in codes
        code = RateCode.ELECTED if elected else RateCode.SUBSCRIBER if covered > 0 else full_price
        covered -= code is RateCode.SUBSCRIBER
        needs = _NEEDS[number % len(_NEEDS)] if number % _NEEDS_EVERY == 0 else ""
        known = _bodies.attendee(group.body, line, rate=code, needs=needs)
        attendees.append(replace(known, answers=_answers(asked, QuestionScope.PERSON, number)))
    return OrderRequest(
        buyer=buyer,
        billing=_bodies.billing(group.body, commitment_number=f"EJ-{group.body.number:02}-{group.number:04}"),
        payment_method=group.method,
        items=(
            Seats(
                study_day=day.slug,
                attendees=tuple(attendees),
                answers=_answers(asked, QuestionScope.ORDER, group.number),
            ),
        ),
        idempotency_key=f"{_orders.KEY}{day.slug}-{group.number}",
        is_test=True,
    )


def _answers(asked: Sequence[Question], scope: QuestionScope, number: int) -> dict[str, Any]:
    """Return what the person of that number answers: each another of the options, and some nothing at all."""
    answers: dict[str, Any] = {}
    for question in asked:
        options = list(question.choices)
        if question.scope is scope and options and number % _SILENT_EVERY:
            chosen = options[number * number % len(options)]
            answers[question.code] = [chosen] if question.kind is QuestionKind.CHOICES else chosen
    return answers


def _payment(group: _Group, day: StudyDay) -> Deed:
    """Return what the accountant types of the money of a group; no cheque has the number of another."""
    number = 1_000 * day.id + group.number
    reference = {"mandat": f"MDT-{number:05}", "transfer": f"VIR 7{number:06}", "cheque": f"{number:07}"}
    banks = {"mandat": _PAYMASTER, "transfer": _PAYMASTER, "cheque": _BANK}
    return Deed(do="pay", reference=reference.get(group.method, ""), bank=banks.get(group.method, ""))


def _is_late(group: _Group) -> bool:
    return group.method == "mandat" and group.number % _LATE_EVERY == _LATE_EVERY - 1
