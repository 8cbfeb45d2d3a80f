"""All that happened to one seat in one line of time: ordered, named, mails, the door, certificates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.accounts.access import Permission, may
from eventsapp.attendance import queries as attendance
from eventsapp.attendance.models import Certificate, CheckIn, Presence
from eventsapp.attendance.statuses import CheckInKind, Source
from eventsapp.attendance.values import HalfDay
from eventsapp.audit.models import AuditEntry
from eventsapp.core import i18n
from eventsapp.mail import queries as mails
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus
from eventsapp.orders.models import Order
from eventsapp.registrations.models import NamingReminderSent, Registration

#: What the history of an order tells of the people on its seats, by name or address.
OF_PEOPLE = {
    "registrations.name": _l("Place nommée"),
    "registrations.correct": _l("Coordonnées corrigées"),
    "registrations.substitute": _l("Participant remplacé"),
    "registrations.invite": _l("Invitation envoyée"),
    "registrations.remind": _l("Invitation renvoyée"),
    "registrations.ticket": _l("Billet envoyé"),
}
#: And of all its seats at once; a part that is cancelled concerns the seats that went at that moment.
_PLACED, _PART = "orders.place", "orders.cancel_part"
OF_ORDER = {
    _PLACED: _l("Place commandée"),
    "orders.expire": _l("Délai de règlement passé, place rendue"),
    "orders.cancel": _l("Commande annulée"),
    _PART: _l("Place annulée"),
    "orders.release_seats": _l("Place rendue"),
}
_POSTPONED = "study_days.postpone"
OF_DAY = {
    _POSTPONED: _l("Journée reportée"),
    "study_days.cancel": _l("Journée annulée"),
}
#: The history of the day that notes everybody absent: of this seat when its moment is the seat's.
ABSENCES = {"attendance.absent": _l("Notée absente")}
OF_SEAT = {"attendance.absent": _l("Notée absente"), "attendance.awaited": _l("N’est plus notée absente")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line: when, what in words, by whom, and where more is told."""

    at: datetime
    text: str
    by: str = ""
    detail: str = ""
    url: str = ""
    tone: str = ""


def journal(
    seat: Registration,
    order: Order,
    *,
    history: Sequence[AuditEntry],
    of_day: Sequence[AuditEntry],
    of_seat: Sequence[AuditEntry],
    letters: Sequence[OutgoingMail],
    reminders: Sequence[NamingReminderSent],
    check_ins: Sequence[CheckIn],
    facts: Mapping[HalfDay, Presence],
    certificates: Sequence[Certificate],
) -> list[Happening]:
    """Return all of it, the newest first; ``history`` is the order's, the newest first too."""
    lines = [
        # Of what happened at one moment the last comes first: a mail stands above the event it tells of.
        *(_mail(letter) for letter in letters),
        *_ordered(seat, order, history),
        *_of_people(seat, history),
        *(
            _event(entry, OF_DAY, detail=_moved(entry, seat))
            for entry in of_day
            if entry.action in OF_DAY and entry.at >= seat.created_at
        ),
        *(_event(entry, ABSENCES) for entry in of_day if entry.action in ABSENCES and entry.at == seat.absent_noted_at),
        *(_event(entry, OF_SEAT) for entry in of_seat),
        *(_reminder(sent) for sent in reminders),
        *(_passage(row, seat) for row in check_ins),
        *(_presence(half, fact) for half, fact in facts.items() if fact.source is not Source.DOOR),
        *(line for certificate in certificates for line in _certificate(certificate)),
    ]
    return sorted(lines, key=attrgetter("at"), reverse=True)


def _ordered(seat: Registration, order: Order, history: Sequence[AuditEntry]) -> list[Happening]:
    told = []
    if order.confirmed_at is not None:
        by = next((entry.actor_label for entry in history if entry.at == order.confirmed_at), "")
        told.append(Happening(at=order.confirmed_at, text=_("Place confirmée"), by=by, tone="good"))
    told += [
        _event(entry, OF_ORDER)
        for entry in history
        if entry.action in OF_ORDER
        and entry.at >= seat.created_at
        and (entry.action != _PART or entry.at == seat.withdrawn_at)
    ]
    if not any(entry.action == _PLACED for entry in history):
        told.append(Happening(at=seat.created_at, text=str(OF_ORDER[_PLACED]), by=order.buyer_name))
    return told


def _of_people(seat: Registration, history: Sequence[AuditEntry]) -> list[Happening]:
    """Return what was done about who has this seat.

    The history of an order names people, not seats: from who sits there now, name by name, back to the first.
    """
    name, told = seat.name if seat.is_named else "", []
    for entry in history:
        if entry.action not in OF_PEOPLE:
            continue
        person, written_to = entry.changes.get("person"), entry.changes.get("to")
        if person and person[1] == name:
            told.append(_event(entry, OF_PEOPLE, detail=" → ".join(each for each in person if each)))
            name = person[0]
        elif written_to and written_to[1] in {seat.email, seat.invited_email} - {""}:
            told.append(_event(entry, OF_PEOPLE, detail=written_to[1]))
    return told


def _event(entry: AuditEntry, words: Mapping[str, str], *, detail: str = "") -> Happening:
    return Happening(
        at=entry.at,
        text=str(words[entry.action]),
        by=entry.actor_label,
        detail=detail or str(entry.changes.get("reason") or ""),
    )


def _moved(entry: AuditEntry, seat: Registration) -> str:
    """Return from which date to which a day was moved, by the clock of its town; that the new one is to be found."""
    if entry.action != _POSTPONED:
        return ""
    zone = seat.study_day.local_start.tzinfo
    kept = entry.changes.get("starts_at")
    if not kept:
        return str(_("nouvelle date à venir"))
    before, to = (i18n.date_long(datetime.fromisoformat(moment).astimezone(zone)) for moment in kept)
    return f"{before} → {to}"


def _reminder(sent: NamingReminderSent) -> Happening:
    text = _("Rappel automatique : la place est à nommer")
    return Happening(at=sent.sent_at, text=str(text), detail=sent.to_address or str(_("adresse effacée")))


def _mail(letter: OutgoingMail) -> Happening:
    return Happening(
        at=letter.created_at,
        text=letter.title if letter.is_erased else str(_("Courriel « %(subject)s »", subject=letter.subject)),
        detail=letter.to_address,
        by=str(mails.LABELS[letter.status]),
        url=url_for("mail_office.mail", mail_id=letter.id) if may(Permission.MAIL_VIEW) else "",
        tone="bad" if letter.status is MailStatus.FAILED else "",
    )


def _passage(row: CheckIn, seat: Registration) -> Happening:
    text = str(attendance.OUTCOME_WORDS[row.outcome])
    if row.kind is CheckInKind.SHEET:
        text = str(_("Entrée d’après la feuille"))
    if row.undone_at is not None:
        text = str(_("%(what)s, annulée ensuite", what=text))
    return Happening(
        at=row.at.astimezone(seat.study_day.local_start.tzinfo),
        text=text,
        by=", ".join(dict.fromkeys(part for part in (row.device, row.by_label) if part)),
        detail=row.reason,
        tone=attendance.OUTCOME_TONES.get(row.outcome, "") if row.undone_at is None else "",
    )


def _presence(half: HalfDay, fact: Presence) -> Happening:
    when = f"{half.label} {i18n.date_short(half.on)}"
    text = _("Notée présente : %(when)s", when=when) if fact.present else _("Notée absente : %(when)s", when=when)
    return Happening(at=fact.recorded_at, text=str(text), by=fact.recorded_by, tone="good" if fact.present else "bad")


def _certificate(certificate: Certificate) -> list[Happening]:
    url = url_for("certificates.verify", code=certificate.code)
    told = [Happening(at=certificate.issued_at, text=_("Attestation délivrée"), by=certificate.issued_by, url=url)]
    if certificate.sent_at is not None:
        told.append(Happening(at=certificate.sent_at, text=_("Attestation envoyée"), detail=certificate.sent_to))
    if certificate.revoked_at is not None:
        told.append(
            Happening(
                at=certificate.revoked_at,
                text=_("Attestation révoquée"),
                by=certificate.revoked_by,
                detail=certificate.revoked_reason,
                tone="bad",
            )
        )
    return told
