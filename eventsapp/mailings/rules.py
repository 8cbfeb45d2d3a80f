"""Decisions about messages: what stands for what in a text, whom it concerns, when reminders are due."""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.mailings.errors import UnusableText
from eventsapp.mailings.statuses import Basis, ReminderKind, Seat

#: How what stands for an erased address begins: no address does.
FINGERPRINT = "# "
#: What may stand in a text, and what it becomes; nothing else does.
PLACEHOLDERS: dict[str, str] = {
    "prenom": _l("le prénom"),
    "nom": _l("le nom"),
    "organisme": _l("l’organisme qui a commandé"),
    "journee": _l("le titre de la journée"),
    "date": _l("sa date, en toutes lettres"),
    "heure": _l("l’heure du début"),
    "ville": _l("la ville"),
    "lieu": _l("le lieu et son adresse"),
    "tarif": _l("le tarif"),
    "lien": _l("l’adresse de la page privée de la personne"),
}
_OF_DAY = ("journee", "date", "heure", "ville", "lieu")
#: By whom it is for: what is known of everybody there.
AVAILABLE: dict[Basis, frozenset[str]] = {
    Basis.REGISTRATIONS: frozenset(PLACEHOLDERS),
    Basis.WAITING_LIST: frozenset({"prenom", "nom", "organisme", "lien", *_OF_DAY}),
    Basis.SUBSCRIBERS: frozenset({"nom", "lien"}),
}
#: In a text a link of one's own is this address until each reader's is known.
LINK = "https://lien.invalid/"
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_LINKS = re.compile(r"(\]\()?\{lien\}")
#: From how many days before the day each reminder is due, the later one first.
REMINDERS = ((1, ReminderKind.EVE), (7, ReminderKind.WEEK))


def strangers(text: str, basis: Basis) -> list[str]:
    """Return what stands in braces in ``text`` and is no placeholder of that audience, each once."""
    return list(dict.fromkeys(inside for inside in _BRACES.findall(text) if inside not in AVAILABLE[basis]))


def require_fillable(basis: Basis, **texts: str) -> None:
    """Raise ``UnusableText``, naming the field, when a text has something in braces that nothing stands for."""
    errors = {}
    for name, text in texts.items():
        if found := strangers(text, basis):
            listed = ", ".join(f"{{{inside}}}" for inside in found)
            errors[f"/{name}"] = (
                _("%(what)s ne peut pas être rempli pour ces destinataires.", what=listed)
                if len(found) == 1
                else _("%(what)s ne peuvent pas être remplis pour ces destinataires.", what=listed)
            )
    if errors:
        raise UnusableText("Le texte contient un champ inconnu entre accolades.", errors=errors)


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Return ``text`` with each placeholder replaced, once: what somebody is called is never read as one."""
    return _BRACES.sub(lambda found: facts.get(found[1], found[0]), text)


def worded(text: str) -> str:
    """Return ``text`` with each placeholder said in words, for who reads it before it is anybody's."""
    return filled(text, {name: f"[{words}]" for name, words in PLACEHOLDERS.items()})


def marked_links(body: str) -> str:
    """Return Markdown in which the reader's own link is ``LINK``: inside a link of the text, or as one by itself."""
    return _LINKS.sub(lambda found: f"]({LINK}" if found[1] else f"<{LINK}>", body)


def is_service(basis: Basis, seats: Collection[Seat], days_end: Sequence[datetime], *, now: datetime) -> bool:
    """Return whether a message is about the readers' own coming day: it then reaches even those who want no others.

    To subscribers, to people of a day that is over and to those whose seats are cancelled it is not.
    """
    if basis is Basis.REGISTRATIONS and Seat.CANCELLED in seats:
        return False
    return basis is not Basis.SUBSCRIBERS and bool(days_end) and all(ends_at > now for ends_at in days_end)


def reminder_due(*, held_on: date, named_on: date, today: date, has_begun: bool) -> ReminderKind | None:
    """Return the reminder that is due for a seat; all dates as the venue's calendar shows them.

    The first is due from a week before until the second is, the second from the day before until the doors open: a
    worker that stood still catches up. Who was named on the day of a reminder or after it has just been told all.
    """
    days_left = (held_on - today).days
    if has_begun or days_left < 0:
        return None
    for days, kind in REMINDERS:
        if days_left <= days:
            return kind if named_on < held_on - timedelta(days=days) else None
    return None


def hour_of(now: datetime) -> datetime:
    """Return when the running hour began: what appeared before it is told of together."""
    return now.replace(minute=0, second=0, microsecond=0)


def fingerprint(address: str, *, key: str) -> str:
    """Return what tells whether an address is the same, and nothing else to whoever lacks the key."""
    return FINGERPRINT + hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()
