"""Decisions about contracts, gifts, addresses and renewals, on plain values."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _

from eventsapp.core import postal, texts
from eventsapp.core.errors import Invalid
from eventsapp.subscriptions.errors import IllegalTransition
from eventsapp.subscriptions.statuses import (
    GIVEN,
    NEXT,
    NEXT_AGREEMENT,
    AgreementState,
    Audience,
    ContractKind,
    ContractStatus,
    Edition,
    GiftState,
    ReminderKind,
)
from eventsapp.subscriptions.values import Delivery

#: The longest message that goes with a gift, in characters.
MESSAGE_LENGTH = 300
#: How far ahead a gift may be announced, in days.
FARTHEST_GIFT = 366
#: How often the mail of a gift leaves at most, the first time included.
MOST_GIFT_MAILS = 5
#: Days without an answer after which the giver is told.
GIFT_PATIENCE = 30
#: How far ahead a change of address may be told, in days.
FARTHEST_MOVE = 366
#: Days within which somebody is given one complimentary subscription.
YEAR = 365
#: The longest that the office gives, in days.
LONGEST_GRANT = 3 * 366
#: Months of a plan from which on a card may renew it: the notice of the law fits in.
LEAST_MONTHS_BY_CARD = 3
#: Days before the last one at which it is announced that a card will be charged.
NOTICE_DAYS = 75
#: Days before the last one at which a card is charged; until the eve one may refuse.
CHARGE_DAYS = 5
#: Days after that at which it is tried, and tried again when refused; the last try falls on the last day.
CHARGE_TRIES = (0, 2, 5)
#: For how long Stripe gives the same answer for a key, less an hour; then nothing found means that nothing was charged.
KEY_LASTS = timedelta(hours=23)
#: How long after it was asked for nobody is asking any more: what was stopped is not asked for again.
LONG_ASKED = timedelta(hours=1)
#: How often it is looked at what became of a try: twice the worker's turn.
_LOOKED_AT = timedelta(minutes=20)


class ReminderWindow(NamedTuple):
    """The days on which a reminder may leave, counted from the last day: from the first, up to another not included."""

    first: int
    end: int


#: A reminder whose day was missed leaves while no later one is due, and never when the next would say something else.
WINDOWS: Mapping[ReminderKind, ReminderWindow] = {
    ReminderKind.BEFORE_60: ReminderWindow(-60, -30),
    ReminderKind.BEFORE_30: ReminderWindow(-30, -7),
    ReminderKind.BEFORE_7: ReminderWindow(-7, 1),
    ReminderKind.AFTER_7: ReminderWindow(7, 30),
    ReminderKind.AFTER_30: ReminderWindow(30, 60),
}


def require_step(before: ContractStatus, after: ContractStatus) -> None:
    """Raise ``IllegalTransition`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalTransition(
            _("Un abonnement à l’état « %(before)s » ne peut pas passer à « %(after)s ».", before=before, after=after)
        )


def first_day(*, today: date, current_end: date | None) -> date:
    """Return when a subscription starts: today, or the day after the present one ends."""
    return max(today, current_end + timedelta(days=1)) if current_end else today


def last_day(*, starts_on: date, months: int) -> date:
    """Return the last day included: the day before the same date; in a month that has no such date, its last day.

    Twelve months from 15 March end on 14 March, from 29 February on 28 February; a month from 31 January ends on 28
    February.
    """
    same_date = add_months(starts_on, months)
    return same_date if same_date.day < starts_on.day else same_date - timedelta(days=1)


def add_months(start: date, months: int) -> date:
    """Return the same day ``months`` later, or the month's last day where it is shorter (31 January → 28 February)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def is_renewable(*, status: ContractStatus, ends_on: date | None) -> bool:
    """Return whether a subscription has an end to go on from: it runs, or ran out."""
    return ends_on is not None and status in {ContractStatus.ACTIVE, ContractStatus.EXPIRED}


def reminder_due(*, starts_on: date, ends_on: date, today: date) -> ReminderKind | None:
    """Return the reminder that is due today, sent or not; at most one is.

    None whose day was not after the first of the subscription: nobody is told that what has just begun will end.
    """
    for kind, window in WINDOWS.items():
        due_on = ends_on + timedelta(days=window.first)
        if due_on <= today < ends_on + timedelta(days=window.end):
            return kind if due_on > starts_on else None
    return None


def next_reminder(*, starts_on: date, ends_on: date, today: date) -> tuple[ReminderKind, date] | None:
    """Return the first reminder whose day is still to come, and that day."""
    days = ((kind, ends_on + timedelta(days=window.first)) for kind, window in WINDOWS.items())
    return next(((kind, on) for kind, on in days if on > today and on > starts_on), None)


def may_renew_by_card(*, audience: Audience, months: int, price_cents: int) -> bool:
    """Return whether a card may renew a plan by itself: a person's, long enough to be announced, and not free."""
    return audience is Audience.INDIVIDUAL and months >= LEAST_MONTHS_BY_CARD and price_cents > 0


def charge_day(*, ends_on: date) -> date:
    """Return the day on which a card is charged for what follows a subscription."""
    return ends_on - timedelta(days=CHARGE_DAYS)


def refuse_until(*, charge_on: date) -> date:
    """Return the last day on which a renewal can be refused."""
    return charge_on - timedelta(days=1)


def notice_window(*, ends_on: date) -> tuple[date, date]:
    """Return the first and the last day on which a renewal by card may be announced.

    Three months to one month before the last day to refuse it (C. conso. art. L215-1), which is before the end.
    """
    last_refusal = refuse_until(charge_on=charge_day(ends_on=ends_on))
    first = max(ends_on - timedelta(days=NOTICE_DAYS), add_months(last_refusal, -3))
    return first, add_months(last_refusal, -1)


def charge_day_once_resumed(*, ends_on: date, today: date) -> date:
    """Return when a card is charged whose holder takes a stop back today: as planned, tomorrow at the earliest."""
    return max(charge_day(ends_on=ends_on), min(today + timedelta(days=1), ends_on))


def next_charge(*, charge_on: date, ends_on: date, tried: int) -> date | None:
    """Return on which day a card is tried that was refused ``tried`` times; ``None`` when that was the last try."""
    if tried >= len(CHARGE_TRIES):
        return None
    day = charge_on + timedelta(days=CHARGE_TRIES[tried])
    return day if day <= ends_on else None


def known_by(*, asked_at: datetime, is_stopped: bool, now: datetime) -> datetime:
    """Return when it is known at the latest what became of a try: while it is wanted, it is asked for again."""
    return max(asked_at + (LONG_ASKED if is_stopped else KEY_LASTS), now) + _LOOKED_AT


def require_agreement_step(before: AgreementState, after: AgreementState) -> None:
    """Raise ``IllegalTransition`` unless an agreement may go from the one to the other."""
    if after not in NEXT_AGREEMENT[before]:
        raise IllegalTransition(_("Ce renouvellement par carte ne peut plus changer ainsi."))


def month_of(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def gift_state(
    *,
    status: ContractStatus,
    is_ready: bool,
    is_accepted: bool,
    is_announced: bool,
    by_mail: bool,
    is_refunded: bool,
) -> GiftState:
    """Return where a gift stands: ``status`` is its contract's; ``is_refunded``, all that its order cost went back."""
    if is_accepted:
        return GiftState.ACCEPTED
    if status is ContractStatus.CANCELLED or is_refunded:
        return GiftState.WITHDRAWN
    if not is_ready:
        return GiftState.AWAITING_MONEY
    return GiftState.SCHEDULED if by_mail and not is_announced else GiftState.OFFERED


def gift_problems(*, recipient_name: str, giver_name: str, message: str) -> dict[str, str]:
    """Return what is wrong with the words of a gift, by field: they travel to somebody who did not ask for them."""
    problems = {}
    if not recipient_name:
        problems["recipient_name"] = _("Indiquez à qui vous offrez l’abonnement.")
    for name, text in (("recipient_name", recipient_name), ("giver_name", giver_name), ("message", message)):
        if not texts.without_links(text):
            problems[name] = _("Ni lien, ni adresse, ni balise ici ; laissez une espace après chaque point.")
    if len(message) > MESSAGE_LENGTH:
        problems["message"] = _("Pas plus de %(max)d caractères.", max=MESSAGE_LENGTH)
    return problems


def announce_problem(announce_on: date | None, *, today: date) -> str:
    """Return what is wrong with the day on which a gift is to be announced; empty when nothing is."""
    if announce_on is None:
        return ""
    if announce_on < today:
        return str(_("Cette date est passée ; laissez vide pour annoncer le cadeau tout de suite."))
    if announce_on > today + timedelta(days=FARTHEST_GIFT):
        return str(_("Un cadeau s’annonce au plus tard dans un an."))
    return ""


def first_issue_problem(first_issue: int, *, offered: Sequence[int], is_gift: bool, on_paper: bool) -> str:
    """Return what is wrong with the number with which paper is to begin; empty when nothing is.

    ``offered`` are the number that is out and the next one; none while no number is out.
    """
    if is_gift:
        return str(_("Un abonnement offert commence quand son lecteur l’accepte : laissez vide."))
    if not on_paper:
        return str(_("Rien n’est envoyé sur papier : laissez vide."))
    if not offered:
        return str(_("Aucun numéro n’est encore paru : laissez vide."))
    if first_issue in offered:
        return ""
    current, following = offered
    return str(_("Le numéro paru, %(current)d, ou le prochain, %(following)d.", current=current, following=following))


def label_problems(delivery: Delivery, *, organisation: str = "") -> dict[str, str]:
    """Return what is too long of a complete address for its label, by field; ``organisation`` stands above the name.

    Name and address are both told when each is too long by itself.
    """
    if not delivery.is_complete:
        return {}
    where = {"address": delivery.address, "postcode": delivery.postcode, "city": delivery.city}
    written = postal.on_label(organisation=organisation, name=delivery.name, **where)
    if written.fits:
        return {}
    limits = {"width": postal.WIDTH, "lines": postal.LINES}
    if not postal.on_label(organisation="", name="A", **where | {"address": "1"}).fits:
        return {"city": _("Trop long pour l’étiquette : %(width)d signes avec le code postal.", **limits)}
    problems = {}
    if not postal.on_label(organisation=organisation, name=delivery.name, **where | {"address": "1"}).fits:
        problems["name"] = _("Trop long pour l’étiquette : des lignes de %(width)d signes. Abrégez le nom.", **limits)
    if not problems or not postal.on_label(organisation="", name="A", **where).fits:
        problems["address"] = _(
            "Trop long pour l’étiquette, qui a %(lines)d lignes de %(width)d signes, nom et ville compris. "
            "Abrégez : « bd », « bât. », ou ôtez ce dont le facteur se passe.",
            **limits,
        )
    return problems


def delivery_problems(delivery: Delivery, *, organisation: str = "") -> dict[str, str]:
    """Return what keeps mail from finding a complete address, by field: its postcode, and what no label holds."""
    problems = label_problems(delivery, organisation=organisation)
    if problem := postal.postcode_problem(delivery.postcode, city=delivery.city):
        problems["postcode"] = problem
    return problems


def require_address(delivery: Delivery, *, from_on: date, today: date, organisation: str = "") -> None:
    """Raise ``Invalid`` unless paper can go to that address from that day on, which is today or to come."""
    errors = {
        f"/{name}": _("À remplir : le magazine est envoyé à cette adresse.")
        for name in ("name", "address", "postcode", "city")
        if not getattr(delivery, name)
    }
    errors |= {f"/{name}": told for name, told in delivery_problems(delivery, organisation=organisation).items()}
    if from_on < today:
        errors["/from_on"] = _("Cette date est passée ; laissez vide pour changer dès aujourd’hui.")
    elif from_on > today + timedelta(days=FARTHEST_MOVE):
        errors["/from_on"] = _("Un an au plus : prévenez-nous plus près de la date.")
    if errors:
        raise Invalid(_("Certaines données sont à corriger."), errors=errors)


def require_return(on: date, *, today: date) -> None:
    """Raise ``Invalid`` for a copy that came back on a day to come."""
    if on > today:
        message = _("Un exemplaire ne revient pas demain : la date est aujourd’hui ou avant.")
        raise Invalid(message, errors={"/on": message})


def gets_paper(*, edition: Edition, status: ContractStatus, issues_left: int | None) -> bool:
    """Return whether copies go out, now or later: it is on paper, and has not ended, or not all were sent."""
    if edition is Edition.DIGITAL:
        return False
    return status in {ContractStatus.PENDING, ContractStatus.ACTIVE} or (
        status is ContractStatus.EXPIRED and bool(issues_left)
    )


def require_grant(*, kind: ContractKind, reason: str, ends_on: date, today: date) -> None:
    """Raise ``Invalid`` unless the office may give such a subscription: a reason, and an end that is to come."""
    errors = {}
    if kind not in GIVEN:
        errors["/kind"] = _("Choisissez gratuit ou à l’essai.")
    if not reason:
        errors["/reason"] = _("Dites pourquoi : la page de l’abonnement le garde.")
    if ends_on < today:
        errors["/ends_on"] = _("Cette date est passée.")
    elif ends_on > today + timedelta(days=LONGEST_GRANT):
        errors["/ends_on"] = _("Trois ans au plus ; l’abonnement peut être donné de nouveau ensuite.")
    if errors:
        raise Invalid(_("Certaines données sont à corriger."), errors=errors)
