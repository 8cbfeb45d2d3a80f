"""The draft of a week: what appeared since the last letter that was sent, and the days to come."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, settings
from eventsapp.core.db import db
from eventsapp.core.i18n import DEFAULT_LOCALE, date_long, speaking
from eventsapp.newsletter import queries, rules
from eventsapp.newsletter.errors import LetterGone
from eventsapp.newsletter.models import Letter, LetterItem
from eventsapp.newsletter.statuses import LetterStatus


def draft_week(*, now: datetime, actor: User | None = None) -> Letter | None:
    """Make the draft of the week of ``now``; return it, or ``None`` where it is there, too early or without news.

    Whoever asks for it in the office has it at once, and again after it was dropped. A worker that comes late makes it
    then, and two at once make one.
    """
    if actor is None and not rules.draft_is_due(now=now, zone=settings.zone(settings.current().default_timezone)):
        return None
    week = rules.week_of(clock.local_date(now))
    there = queries.letter_of_week(week)
    if there is not None:
        return _taken_up(there.id, actor, now=now) if actor else None
    articles, days = _news(now)
    if not articles and not days:
        return None
    with speaking(DEFAULT_LOCALE):
        subject = _("La lettre du %(date)s", date=date_long(week))
    letter = Letter(week=week, subject=subject, covers_until=now, created_at=now, updated_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(letter)
            db.session.flush()
    except IntegrityError:
        return None
    _add(letter, articles, days)
    audit.record("newsletter.draft", subject=("letter", letter.id, letter.subject), actor=actor, now=now)
    return letter


def add_news(letter_id: int, *, actor: User, now: datetime) -> int:
    """Add what appeared since a draft was made; return how much that is. Raises ``LetterGone``."""
    letter = queries.locked_letter(letter_id)
    if letter.status is not LetterStatus.DRAFT:
        raise LetterGone("Cette lettre n’est plus un brouillon.")
    articles, days = _news(now)
    added = _add(letter, articles, days)
    letter.covers_until, letter.updated_at = now, now
    letter.version += 1
    audit.record(
        "newsletter.edit",
        subject=("letter", letter.id, letter.subject),
        actor=actor,
        now=now,
        changes={"added": [None, added]},
    )
    return added


def _taken_up(letter_id: int, actor: User, *, now: datetime) -> Letter | None:
    letter = queries.locked_letter(letter_id)
    if letter.status is not LetterStatus.DROPPED:
        return None
    letter.status = LetterStatus.DRAFT
    add_news(letter_id, actor=actor, now=now)
    return letter


def _news(now: datetime) -> tuple[list[int], list[int]]:
    since = rules.looks_back_to(queries.last_covered(), now=now)
    return list(queries.new_articles(since=since, until=now)), list(queries.coming_days(now=now))


def _add(letter: Letter, articles: list[int], days: list[int]) -> int:
    there = queries.items_of(letter.id)
    known = {item.article_id for item in there}, {item.study_day_id for item in there}
    last = max((item.position for item in there), default=0)
    new = [LetterItem(article_id=key) for key in articles if key not in known[0]]
    new += [LetterItem(study_day_id=key) for key in days if key not in known[1]]
    for place, item in enumerate(new, start=last + 1):
        item.letter_id, item.position = letter.id, place
    db.session.add_all(new)
    db.session.flush()
    return len(new)
