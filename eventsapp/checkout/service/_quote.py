"""What an order would contain and cost; everything that can be refused before a seat is taken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.checkout import rules
from eventsapp.checkout.errors import NotASubscriber, NothingToOrder
from eventsapp.checkout.service._answers import with_answers
from eventsapp.checkout.service._day_in_order import DayInOrder
from eventsapp.checkout.service._prices import PRESENT, Price, Prices
from eventsapp.checkout.values import ORDINARY, Item, Occasion, Seats, Subscription
from eventsapp.core import clock, french, i18n
from eventsapp.core.errors import Invalid
from eventsapp.core.money import VatShare, vat_shares
from eventsapp.orders.values import LineDraft
from eventsapp.promotions.models import PromoCode
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.rules import cover_left, uncovered
from eventsapp.registrations.values import Attendee, people_of_line
from eventsapp.study_days import queries as study_days
from eventsapp.study_days import rules as day_rules
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions import rules as subscription_rules
from eventsapp.subscriptions import service as subscription_service
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.vat import queries as vat
from eventsapp.vat import rules as vat_rules
from eventsapp.vat.values import Part, Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInOrder:
    """A subscription, with its line."""

    plan: Plan
    item: Subscription
    line: LineDraft
    index: int
    #: The contract that it goes on from.
    renews: Contract | None = None

    @property
    def asks_address(self) -> bool:
        """Whether the buyer says where paper is sent: a gift's reader says it when accepting."""
        return self.plan.needs_address and self.item.gift is None

    @property
    def covers(self) -> int:
        """How many seats of a day it covers for the buyer: what is given away covers none."""
        return 0 if self.item.gift else self.plan.readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What the items come to; amounts in cents, tax included."""

    days: tuple[DayInOrder, ...]
    plans: tuple[PlanInOrder, ...]
    #: The code whose discount the lines have, and why one that was typed takes nothing off.
    promo: PromoCode | None = None
    promo_problem: str = ""

    @property
    def lines(self) -> list[LineDraft]:
        of_days = [line for day in self.days for line in day.lines.values()]
        return of_days + [plan.line for plan in self.plans]

    @property
    def total_cents(self) -> int:
        return sum(line.total_cents for line in self.lines)

    @property
    def discount_cents(self) -> int:
        return sum(line.discount_cents for line in self.lines)

    @property
    def vat(self) -> list[VatShare]:
        return vat_shares((part.total_cents, part.rate) for line in self.lines for part in line.vat_parts)

    @property
    def delivers(self) -> bool:
        """Whether something is sent on paper."""
        return any(bought.asks_address for bought in self.plans)

    @property
    def net_cents(self) -> int:
        return sum(share.net_cents for share in self.vat)


def quote(
    items: Sequence[Item],
    *,
    buyer_email: str,
    siret: str,
    now: datetime,
    strict: bool = True,
    prices: Prices = PRESENT,
    occasion: Occasion = ORDINARY,
    answers_wanted: bool = True,
) -> Quote:
    """Return what ``items`` contain and cost; what was promised at ``prices`` costs that, on sale still or not.

    At the door (``occasion``) nobody asks whether registrations are open. Answers to the organiser's questions are
    required unless they are not ``answers_wanted``: at the door, of a quote that becomes an order, in the office.

    With ``strict`` everything that an order needs is required: raises ``NothingToOrder``, ``Invalid`` with the
    pointers of what is wrong, ``NotASubscriber``, ``RegistrationClosed``, ``NotRenewable`` and ``AlreadyRenewed``.
    Without, for a running total, what cannot be ordered is left out in silence.
    """
    days = study_days.shown_days([item.study_day for item in items if isinstance(item, Seats)])
    plans = subscriptions.plans_named([item.plan for item in items if isinstance(item, Subscription)])
    tariff = vat.tariff() if days or plans else {}
    errors: dict[str, str] = {}
    in_order = Quote(
        days=tuple(_days(items, {day.slug: day for day in days}, errors, prices=prices, tariff=tariff, now=now)),
        plans=tuple(_plans(items, plans, errors, prices=prices, tariff=tariff, now=now)),
    )
    if strict:
        _note_first_issues(in_order, errors, occasion=occasion)
        if not errors:
            _note_people(in_order, errors)
            if in_order.days:
                lenient = occasion.at_the_door or not answers_wanted or prices is not PRESENT
                checked = with_answers(in_order.days, errors, lenient=lenient, files_follow=occasion.files_follow)
                in_order = replace(in_order, days=checked)
        _require_sensible(items, in_order, errors)
        for bought in in_order.plans:
            if bought.renews is not None:
                subscription_service.require_renewable(bought.renews, now=now)
        for wanted in () if occasion.at_the_door else in_order.days:
            day_rules.require_open(wanted.day.availability(now))
        _require_subscriptions(in_order, buyer_email=buyer_email, siret=siret, on=clock.local_date(now))
    return in_order


def _days(
    items: Sequence[Item],
    days: dict[str, StudyDay],
    errors: dict[str, str],
    *,
    prices: Prices,
    tariff: Tariff,
    now: datetime,
) -> list[DayInOrder]:
    found = []
    for index, item in enumerate(items):
        if not isinstance(item, Seats):
            continue
        day = days.get(item.study_day)
        if day is None:
            errors[f"/items/{index}/study_day"] = _("Cette journée n’existe pas.")
            continue
        if not 1 <= len(item.attendees) <= rules.MOST_ATTENDEES:
            errors[f"/items/{index}/attendees"] = _("De 1 à 20 personnes par commande.")
        rates = {rate.code: rate for rate in day.rates if rate.is_available(now) or prices.promises(index, rate.code)}
        for place, attendee in enumerate(item.attendees):
            if attendee.rate not in rates:
                errors[f"/items/{index}/attendees/{place}/rate"] = _("Choisissez un des tarifs proposés.")
        valid = tuple(attendee for attendee in item.attendees if attendee.rate in rates)
        sold = {
            code: prices.promised(_price(rates[code]), index=index, rate=code)
            for code in Counter(attendee.rate for attendee in valid)
        }
        lines = _lines(day, valid, rates, sold=sold, tariff=tariff, today=clock.local_date(now))
        found.append(DayInOrder(day=day, attendees=valid, lines=lines, index=index, answers=item.answers))
    return found


def _price(sold: Rate | Plan) -> Price:
    return Price(sold.price_cents, tuple(part.value for part in sold.components))


def _lines(
    day: StudyDay,
    attendees: Sequence[Attendee],
    rates: dict[str, Rate],
    *,
    sold: dict[str, Price],
    tariff: Tariff,
    today: date,
) -> dict[str, LineDraft]:
    counts = Counter(attendee.rate for attendee in attendees)
    on = vat_rules.supplied_on(held_on=day.date, ordered_on=today)
    return {
        code: LineDraft(
            label=f"{day.title}, {day.city.name}, {french.date_long(day.date)} – tarif {rates[code].name.lower()}"[
                :300
            ],
            label_en=_label_in_english(day, rates[code]),
            detail=people_of_line([each.name for each in attendees if each.rate == code and each.is_named], of=count),
            quantity=count,
            unit_price_cents=sold[code].unit_price_cents,
            unit_parts=_unit_parts(sold[code], tariff=tariff, on=on),
        )
        for code, count in counts.items()
    }


def _label_in_english(day: StudyDay, rate: Rate) -> str:
    """Return how a line is called in English; nothing where the rate has no English name."""
    if not rate.name_en:
        return ""
    with i18n.speaking("en"):
        return f"{day.title}, {day.city.name}, {i18n.date_long(day.date)} – {i18n.mid_sentence(rate.name_en)} rate"[
            :300
        ]


def _unit_parts(price: Price, *, tariff: Tariff, on: date) -> tuple[Part, ...]:
    return vat_rules.parts(price.components, price_cents=price.unit_price_cents, tariff=tariff, on=on)


def _plans(
    items: Sequence[Item],
    plans: dict[str, Plan],
    errors: dict[str, str],
    *,
    prices: Prices,
    tariff: Tariff,
    now: datetime,
) -> list[PlanInOrder]:
    found = []
    on = vat_rules.supplied_on(held_on=None, ordered_on=clock.local_date(now))
    for index, item in enumerate(items):
        if not isinstance(item, Subscription):
            continue
        plan = plans.get(item.plan)
        if plan is None:
            errors[f"/items/{index}/plan"] = _("Cette formule n’existe pas.")
            continue
        bought = PlanInOrder(
            plan=plan,
            item=item,
            line=_plan_line(plan, item, price=prices.promised(_price(plan), index=index), tariff=tariff, on=on),
            index=index,
            renews=subscriptions.contract(item.renews) if item.renews is not None else None,
        )
        errors |= {f"/items/{index}/{place}": told for place, told in _plan_problems(bought).items()}
        found.append(bought)
    return found


def _plan_line(plan: Plan, item: Subscription, *, price: Price, tariff: Tariff, on: date) -> LineDraft:
    if item.gift is not None:
        occasion, occasion_en, detail = ", offert", ", a gift", item.gift.recipient_name
    elif item.renews is not None:
        occasion, occasion_en, detail = ", renouvellement", ", renewal", item.delivery.name
    else:
        occasion, occasion_en, detail = "", "", item.delivery.name
    return LineDraft(
        label=f"Abonnement {plan.name}{occasion}"[:300],
        label_en=f"Subscription: {plan.name_en}{occasion_en}"[:300] if plan.name_en else "",
        detail=detail,
        quantity=1,
        unit_price_cents=price.unit_price_cents,
        unit_parts=_unit_parts(price, tariff=tariff, on=on),
    )


def _plan_problems(bought: PlanInOrder) -> dict[str, str]:
    """Return what is wrong with a subscription, by place within the item."""
    item = bought.item
    problems: dict[str, str] = {}
    if item.gift is not None:
        wrong = subscription_rules.gift_problems(
            recipient_name=item.gift.recipient_name, giver_name=item.gift.giver_name, message=item.gift.message
        )
        problems |= {f"gift/{name}": told for name, told in wrong.items()}
        if not bought.plan.can_be_given:
            problems["gift"] = _("Seule une formule pour une personne s’offre.")
    if item.renews is not None and bought.renews is None:
        problems["renews"] = _("Cet abonnement n’existe pas.")
    if item.copies is not None and not bought.plan.needs_address:
        problems["copies"] = _("Rien n’est envoyé sur papier : laissez vide.")
    elif item.copies is not None and not 1 <= item.copies <= bought.plan.copies:
        problems["copies"] = ngettext(
            "Cette formule a %(num)s exemplaire de chaque numéro ; pour en recevoir plus, écrivez-nous.",
            "Cette formule a %(num)s exemplaires de chaque numéro : de 1 à %(num)s ; pour plus, écrivez-nous.",
            bought.plan.copies,
        )
    if bought.asks_address:
        problems |= {
            f"delivery/{name}": _("À remplir : le magazine est envoyé à cette adresse.")
            for name in ("name", "address", "postcode", "city")
            if not getattr(item.delivery, name)
        }
    return problems


def _note_first_issues(in_order: Quote, errors: dict[str, str], *, occasion: Occasion) -> None:
    """Note the first numbers that are not offered, where the occasion says which are."""
    for bought in in_order.plans if occasion.first_issues is not None else ():
        wrong = bought.item.first_issue is not None and subscription_rules.first_issue_problem(
            bought.item.first_issue,
            offered=occasion.first_issues or (),
            is_gift=bought.item.gift is not None,
            on_paper=bought.plan.needs_address,
        )
        if wrong:
            errors[f"/items/{bought.index}/first_issue"] = wrong


def _require_sensible(items: Sequence[Item], in_order: Quote, errors: dict[str, str]) -> None:
    if len({wanted.day.id for wanted in in_order.days}) < len(in_order.days):
        errors["/items"] = _("La même journée figure deux fois : réunissez les personnes en une seule inscription.")
    if len(items) > rules.MOST_ITEMS:
        errors["/items"] = _("Pas plus de vingt lignes par commande.")
    if len(items) > 1 and any(bought.item.renews is not None for bought in in_order.plans):
        # Paid twice it is given back whole, which what else it bought must not be.
        errors["/items"] = _("Un renouvellement se commande seul.")
    if errors:
        raise Invalid(_("Certaines données sont à corriger."), errors=errors)
    if not items:
        raise NothingToOrder(_("Votre commande est vide."))


def _note_people(in_order: Quote, errors: dict[str, str]) -> None:
    """Note whoever has a seat already, in the order or at the day: one person takes one seat of a day."""
    emails = {
        attendee.email.strip().lower() for wanted in in_order.days for attendee in wanted.attendees if attendee.is_named
    }
    seated = (
        registrations.people_seated({wanted.day.id for wanted in in_order.days}, emails=emails) if emails else set()
    )
    for wanted in in_order.days:
        named: set[tuple[str, str]] = set()
        for place, attendee in enumerate(wanted.attendees):
            if not attendee.is_named:
                continue
            if attendee.identity in named:
                errors[f"/items/{wanted.index}/attendees/{place}/last_name"] = _(
                    "Cette personne figure déjà dans la commande."
                )
            elif (wanted.day.id, attendee.identity) in seated:
                errors[f"/items/{wanted.index}/attendees/{place}/last_name"] = _(
                    "Cette personne a déjà une place à cette journée."
                )
            named.add(attendee.identity)


def _require_subscriptions(in_order: Quote, *, buyer_email: str, siret: str, on: date) -> None:
    """Raise ``NotASubscriber`` unless a subscription covers every seat at the subscriber rate.

    Each covers as many seats of a day as it has readers, those held already included; one bought in the same order
    counts.
    """
    asking: list[list[tuple[int, str]]] = [
        [
            (place, attendee.email)
            for place, attendee in enumerate(wanted.attendees)
            if _is_for_subscribers(wanted.day, attendee.rate)
        ]
        for wanted in in_order.days
    ]
    if not any(asking):
        return
    # A seat without a name is the buyer's: an empty address would find what nobody owns yet.
    emails = {email for places in asking for _place, email in places if email}
    fellows = subscriptions.sharing((emails | {buyer_email}) - {""}, siret=siret, on=on)
    held = registrations.subscriber_seats(
        {wanted.day.id for wanted in in_order.days},
        emails=emails | {buyer_email} | fellows.emails,
        sirets=({siret} | fellows.sirets) - {""},
    )
    known = (emails | {buyer_email} | {seat.email for seats in held.values() for seat in seats}) - {""}
    covers = subscriptions.covers(known, siret=siret, on=on)
    bought = sum(plan.covers for plan in in_order.plans)
    errors: dict[str, str] = {}
    for wanted, places in zip(in_order.days, asking, strict=True):
        left = cover_left(covers, held.get(wanted.day.id, []), buyer_email=buyer_email, siret=siret)
        for missed in uncovered([email for _place, email in places], left=left, bought=bought):
            errors[f"/items/{wanted.index}/attendees/{places[missed][0]}/rate"] = _(
                "Aucun abonnement ne couvre cette place."
            )
    if errors:
        raise NotASubscriber(
            _(
                "Le tarif abonné demande un abonnement : ajoutez-en un à votre commande, donnez l’adresse ou le SIRET "
                "de l’abonné, ou choisissez un autre tarif."
            ),
            errors=errors,
        )


def _is_for_subscribers(day: StudyDay, code: str) -> bool:
    return any(rate.for_subscribers for rate in day.rates if rate.code == code)
