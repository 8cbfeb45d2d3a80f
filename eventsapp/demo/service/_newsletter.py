"""The newsletter of the demonstration: its readers, a letter that left last week, and the draft of this one."""

from datetime import datetime, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.demo import queries
from eventsapp.demo.service._team import actor
from eventsapp.demo.service._transaction import NOWHERE, writing
from eventsapp.newsletter import queries as newsletter_queries
from eventsapp.newsletter import service as newsletter
from eventsapp.newsletter.values import Choice, LetterEdit

_READERS = 36
#: Every third one chose a theme, every twelfth has left again, and the last two have not confirmed yet.
_CHOOSES, _LEAVES, _UNCONFIRMED = 3, 12, 2
_CONSENT = (
    "En l’envoyant, vous acceptez de recevoir notre lettre à cette adresse, une par semaine au plus. "
    "Vous la quittez d’un clic, par le lien de chacune."
)
_INTRO = (
    "Bonjour,\n\nUne rentrée chargée : **ce que les territoires mettent en commun**, et ce que disent de la loi de "
    "finances ceux qui doivent l’appliquer."
)
_WEEK, _ASKED_BEFORE, _LEFT_AFTER = timedelta(days=7), timedelta(days=60), timedelta(minutes=2)


def load_newsletter(*, now: datetime) -> int:
    """Let people ask for the letter and confirm it, send last week's, prepare this week's; return how many people."""
    if queries.has_newsletter():
        return 0
    last_week = now - _WEEK
    with writing():
        themes = newsletter_queries.themes()
        for number in range(1, _READERS + 1):
            asked_at = now - _ASKED_BEFORE + timedelta(days=number)
            chosen = frozenset({themes[number % len(themes)].id}) if number % _CHOOSES == 0 else frozenset()
            _reader(number, Choice(all_themes=not chosen, themes=chosen), asked_at=asked_at, now=now)
        by = actor(RoleName.EDITOR)
        sent = newsletter.draft_week(now=last_week, actor=by)
        if sent is None:
            return 0
        newsletter.edit(
            sent.id, LetterEdit(subject=sent.subject, intro=_INTRO), version=sent.version, actor=by, now=last_week
        )
        count = newsletter.counted(sent.id, now=last_week).readers
        newsletter.plan(sent.id, expected=count, version=sent.version, leaves_at=None, actor=by, now=last_week)
    newsletter.send_due(clock=lambda: last_week + _LEFT_AFTER)
    with writing():
        # What was just written is kept, and goes nowhere; the draft is what the worker would make.
        newsletter.draft_week(now=now, actor=by)
    return _READERS


def _reader(number: int, choice: Choice, *, asked_at: datetime, now: datetime) -> None:
    email = f"lecteur{number:02}@ville{number % 9}{NOWHERE}"
    waits = number > _READERS - _UNCONFIRMED
    asked_at = now - timedelta(days=1) if waits else asked_at
    newsletter.ask(email, choice, consent=_CONSENT, locale="fr", now=asked_at)
    if waits:
        return
    found = newsletter_queries.locked_reader_of(email)
    if found is None:
        raise LookupError(email)
    newsletter.confirm(found.confirm_secret, now=asked_at + timedelta(hours=1))
    if number % _LEAVES == 0:
        newsletter.leave(found.id, now=asked_at + timedelta(days=5))
