"""Decisions about seats and the people who sit there, on plain values."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from eventsapp.core import texts
from eventsapp.files.rules import parted
from eventsapp.registrations.errors import ChangesClosed, RemindedTooSoon
from eventsapp.registrations.statuses import NamingReminder, RegistrationStatus
from eventsapp.registrations.values import Asked, SubscriberSeat, Value
from eventsapp.study_days.statuses import QuestionKind, StudyDayStatus
from eventsapp.subscriptions.values import Cover

#: So long nobody is written to again about the same seat.
REMIND_AGAIN = timedelta(hours=24)
#: The longest texts that somebody may answer with, in characters, and the largest number.
ANSWER_LENGTH = {QuestionKind.TEXT: 200, QuestionKind.LONG_TEXT: 2000}
MOST_NUMBER = 1_000_000_000
#: The largest file, in bytes.
MOST_FILE = 5 * 1024 * 1024
#: The years that a date which somebody answers may lie in.
_YEARS = range(1900, 2200)
#: From how many days before the day each reminder is due, the later one first.
REMINDERS = ((5, NamingReminder.LAST_DAYS), (14, NamingReminder.FORTNIGHT))


def may_change(*, status: RegistrationStatus, day_status: StudyDayStatus, until: datetime, now: datetime) -> bool:
    """Return whether the person of a seat may be named, corrected or replaced; at ``until`` itself no more."""
    standing = status in {RegistrationStatus.HELD, RegistrationStatus.CONFIRMED}
    return standing and day_status is not StudyDayStatus.CANCELLED and now < until


def require_changeable(
    *, status: RegistrationStatus, day_status: StudyDayStatus, until: datetime, now: datetime
) -> None:
    """Raise ``ChangesClosed``, with the reason in words, unless the person of a seat may still change."""
    if status is RegistrationStatus.CANCELLED:
        raise ChangesClosed(_("Cette place est annulée."))
    if day_status is StudyDayStatus.CANCELLED:
        raise ChangesClosed(_("Cette journée est annulée."))
    if not may_change(status=status, day_status=day_status, until=until, now=now):
        raise ChangesClosed(_("Les noms ne changent plus : la journée commence. Écrivez-nous."))


def may_write_again(*, last: datetime | None, now: datetime) -> bool:
    """Return whether enough time has passed since somebody was written to about a seat."""
    return last is None or now - last >= REMIND_AGAIN


def require_may_write_again(*, last: datetime | None, now: datetime) -> None:
    """Raise ``RemindedTooSoon`` when somebody was written to a moment ago."""
    if not may_write_again(last=last, now=now):
        raise RemindedTooSoon(_("Cette personne a reçu un courriel il y a moins d’un jour ; relancez-la demain."))


def reminder_due(*, held_on: date, bought_on: date, today: date) -> NamingReminder | None:
    """Return the reminder that is due for a seat without a name; all dates as the venue's calendar shows them.

    Each is due from its day on until the next one's, the last until the day before: a sweep that did not run catches
    up. Seats bought after a reminder's day need none: their buyer has just been told.
    """
    days_left = (held_on - today).days
    if days_left < 1:
        return None
    for days, kind in REMINDERS:
        if days_left <= days:
            return kind if bought_on < held_on - timedelta(days=days) else None
    return None


@dataclass(frozen=True, slots=True)
class Pool:
    """The seats of one day that an institution's contract leaves, and who sits by it: readers, establishment."""

    readers: frozenset[str]
    siret: str
    left: int


@dataclass(frozen=True, slots=True)
class CoverLeft:
    """Seats of one day that subscriptions still cover: of others by address, and of the buyer and the organisation."""

    own: Mapping[str, int]
    shared: int
    #: Of other institutions, whose readers sit by their own addresses.
    pools: tuple[Pool, ...] = ()

    def covers(self, email: str) -> bool:
        """Return whether a seat is left for somebody, by their own address or as the buyer sends them."""
        return self.own.get(email, 0) > 0 or self.shared > 0 or _take(list(self.pools), email=email)


def cover_left(covers: Sequence[Cover], held: Sequence[SubscriberSeat], *, buyer_email: str, siret: str) -> CoverLeft:
    """Return what ``covers`` leave once the seats ``held`` at the day's subscriber rate are taken off.

    A seat uses the subscription of whoever sits there, or else of whoever bought it. That of an institution has as
    many as it has readers, for whoever sits by it.
    """
    of_buyer = [cover for cover in covers if _is_of(cover, buyer_email=buyer_email, siret=siret)]
    others = [cover for cover in covers if cover not in of_buyer]
    shared = sum(cover.seats for cover in of_buyer)
    sent = {buyer_email}.union(*(cover.readers for cover in of_buyer))
    own: Counter[str] = Counter()
    for cover in others:
        own[cover.email] += 0 if cover.readers else cover.seats
    pools = [Pool(cover.readers | {cover.email}, cover.siret, cover.seats) for cover in others if cover.readers]
    without: list[SubscriberSeat] = []
    for seat in held:
        if own[seat.email] > 0:
            own[seat.email] -= 1
        elif seat.email in sent or not _take(pools, email=seat.email):
            without.append(seat)
    for seat in without:
        if {seat.email, seat.buyer_email} & sent or (siret and seat.siret == siret):
            shared -= 1
        elif own[seat.buyer_email] > 0:
            own[seat.buyer_email] -= 1
        else:
            _take(pools, email=seat.buyer_email, siret=seat.siret)
    return CoverLeft(own, max(0, shared), tuple(pools))


def uncovered(asking: Sequence[str], *, left: CoverLeft, bought: int) -> list[int]:
    """Return which of the seats that ask for the subscriber rate no subscription covers, by index.

    ``asking`` has the address (lower case) of each person who asks; ``bought`` is what the subscriptions of the order
    itself cover.
    """
    own, shared, pools = Counter(left.own), left.shared + bought, list(left.pools)
    missed = []
    for index, email in enumerate(asking):
        if own[email] > 0:
            own[email] -= 1
        elif _take(pools, email=email):
            continue
        elif shared > 0:
            shared -= 1
        else:
            missed.append(index)
    return missed


def _is_of(cover: Cover, *, buyer_email: str, siret: str) -> bool:
    return cover.email == buyer_email or bool(siret and cover.siret == siret)


def _take(pools: list[Pool], *, email: str, siret: str = "") -> bool:
    """Take a seat of the institution that somebody reads for, or of that establishment; return whether one was left."""
    for place, pool in enumerate(pools):
        if pool.left > 0 and (email in pool.readers or (siret and pool.siret == siret)):
            pools[place] = replace(pool, left=pool.left - 1)
            return True
    return False


def is_own(covers: Sequence[Cover], *, email: str, buyer_email: str, siret: str) -> bool:
    """Return whether somebody sits at the subscriber rate by a subscription of their own, not the buyer's."""
    return any(
        (cover.email == email or email in cover.readers) and not _is_of(cover, buyer_email=buyer_email, siret=siret)
        for cover in covers
    )


def checked_answers(
    questions: Sequence[Asked], answers: Mapping[str, object], *, require: bool = True
) -> tuple[dict[str, Value], dict[str, str]]:
    """Return the answers as they are kept, by the code of their question, and what is wrong, in words, by code.

    What is empty is no answer; ``require`` asks for those that must be given.
    """
    kept: dict[str, Value] = {}
    problems: dict[str, str] = {}
    known = {question.code for question in questions}
    problems |= {code: _("Cette journée ne pose pas cette question.") for code in answers if code not in known}
    for question in questions:
        answer = answers.get(question.code)
        if isinstance(answer, str):
            answer = texts.tidy(answer)
        if answer is None or answer is False or answer in ("", []):
            if require and question.required:
                consent = question.kind is QuestionKind.CONSENT
                problems[question.code] = _("Cochez pour continuer.") if consent else _("Répondez à cette question.")
            continue
        try:
            kept[question.code] = _ANSWERED[question.kind](question, answer)
        except ValueError as wrong:
            problems[question.code] = str(wrong)
    return kept, problems


def _text(question: Asked, answer: object) -> str:
    if not isinstance(answer, str):
        raise ValueError(_("Un texte est attendu."))  # noqa: TRY004 - said to whoever answers
    most = ANSWER_LENGTH[question.kind]
    if not texts.is_printable(answer):
        raise ValueError(_("Ce texte contient des caractères invisibles ; ressaisissez-le."))
    if len(answer) > most:
        raise ValueError(_("Pas plus de %(max)d caractères.") % {"max": most})
    return texts.one_line(answer) if question.kind is QuestionKind.TEXT else answer


def _choice(question: Asked, answer: object) -> str:
    if not isinstance(answer, str) or answer not in question.choices:
        raise ValueError(_("Choisissez une des réponses proposées."))
    return answer


def _choices(question: Asked, answer: object) -> list[str]:
    if not isinstance(answer, list) or not all(isinstance(each, str) and each in question.choices for each in answer):
        raise ValueError(_("Choisissez parmi les réponses proposées."))
    return [option for option in question.choices if option in answer]


def _number(_question: Asked, answer: object) -> int:
    if isinstance(answer, str) and answer.isascii() and answer.isdecimal() and len(answer) <= len(str(MOST_NUMBER)):
        answer = int(answer)
    if not isinstance(answer, int) or isinstance(answer, bool) or not 0 <= answer <= MOST_NUMBER:
        raise ValueError(_("Écrivez un nombre entier, en chiffres."))
    return answer


def _date(_question: Asked, answer: object) -> str:
    try:
        day = date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise ValueError(_("Indiquez une date."))
    return day.isoformat()


def _consent(_question: Asked, answer: object) -> bool:
    if answer is not True:
        raise ValueError(_("Répondez par oui ou par non."))
    return True


def _file(_question: Asked, answer: object) -> str:
    try:
        parted(answer if isinstance(answer, str) else "")
    except ValueError:
        told = _("Un fichier se donne sur le site : laissez cette réponse vide, la page de la place le demande.")
        raise ValueError(told) from None
    return str(answer)


_ANSWERED: Mapping[QuestionKind, Callable[[Asked, object], Value]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.CONSENT: _consent,
    QuestionKind.FILE: _file,
}
