"""Decisions about articles, comments and mails to friends, on plain values."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.core.texts import fold
from eventsapp.magazine.errors import IllegalTransition, NotReady, OwnText
from eventsapp.magazine.statuses import NEXT, ArticleStatus, Stage
from eventsapp.subscriptions.rules import add_months

#: Words that a reader takes in, in a minute.
WORDS_A_MINUTE = 230
#: Longest slug of a typed address, in characters.
SLUG_LENGTH = 120
TITLE_LENGTH = 200

#: Words that two texts share at least, to be near.
WORDS_IN_COMMON = 3
#: How long an article that a subscriber gives can be read.
GIFT_LIFETIME = timedelta(days=30)
#: The most paragraphs that can be open, and the most months after which a text opens.
MOST_FREE_PARAGRAPHS = 20
MOST_MONTHS = 240
#: How long somebody counts as being at work on a text since the editor was last heard of.
PRESENT_FOR = timedelta(minutes=3)

#: Mails to friends in 24 hours: to one address, from one address, and in all.
SHARES_PER_RECIPIENT = 3
SHARES_PER_SENDER = 20
SHARES_IN_ALL = 500

#: Words on a printed page, about.
WORDS_A_PAGE = 450
#: Stages at which somebody of the newsroom has still to do something.
UNDER_WAY = (Stage.DRAFT, Stage.CHANGES, Stage.IN_REVIEW, Stage.APPROVED)

#: How long a text may wait at a stage before the board says so.
PATIENCE = {
    Stage.CHANGES: timedelta(days=7),
    Stage.IN_REVIEW: timedelta(days=5),
    Stage.APPROVED: timedelta(days=7),
}

_STATUS_WORDS = {
    ArticleStatus.DRAFT: _l("brouillon"),
    ArticleStatus.IN_REVIEW: _l("en relecture"),
    ArticleStatus.SCHEDULED: _l("programmé"),
    ArticleStatus.PUBLISHED: _l("publié"),
    ArticleStatus.WITHDRAWN: _l("retiré"),
}

#: Comments that the moderators let pass before those of the same person appear at once.
FREE_AFTER = 2
_ADDRESS = re.compile(r"\S*@\S*")
#: How long after it was sent its author may mend a comment.
EDIT_WITHIN = timedelta(minutes=15)


def require_transition(before: ArticleStatus, after: ArticleStatus) -> None:
    """Raise ``IllegalTransition`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalTransition(
            _(
                "Un article « %(before)s » ne peut pas devenir « %(after)s ».",
                before=_STATUS_WORDS[before],
                after=_STATUS_WORDS[after],
            )
        )


def require_second_reader(*, author_id: int | None, reader_id: int | None) -> None:
    """Raise ``OwnText`` when the reader is the author, administrators included.

    A text without an author (his account is gone, or a program wrote it) is everybody else's to approve.
    """
    if author_id is not None and author_id == reader_id:
        raise OwnText(_("Vous avez écrit ce texte : quelqu’un d’autre doit l’approuver avant qu’il paraisse."))


def undoes_approval(*, author_id: int | None, actor_id: int | None) -> bool:
    """Return whether what was approved has to be read again, from who changed its words: only the author’s do."""
    return author_id is not None and author_id == actor_id


def stage(status: ArticleStatus, *, sent_back: bool, approved: bool, dated: bool) -> Stage:
    """Return where a text stands for the newsroom; ``dated`` when an hour is set for it to appear by itself."""
    match status:
        case ArticleStatus.DRAFT:
            return Stage.CHANGES if sent_back else Stage.DRAFT
        case ArticleStatus.IN_REVIEW:
            return Stage.APPROVED if approved else Stage.IN_REVIEW
        case ArticleStatus.SCHEDULED:
            return Stage.SCHEDULED if dated else Stage.WITH_ISSUE
        case ArticleStatus.PUBLISHED:
            return Stage.PUBLISHED
        case ArticleStatus.WITHDRAWN:
            return Stage.WITHDRAWN


def is_overdue(stage: Stage, *, since: datetime, now: datetime, late_issue: bool = False) -> bool:
    """Return whether a text waits for longer than the newsroom's patience, or ``late_issue``: the date of its issue
    has passed.
    """
    if late_issue and stage in UNDER_WAY:
        return True
    return stage in PATIENCE and now - since > PATIENCE[stage]


def printed_pages(text: str) -> int:
    """Return how many pages a text takes in print, about; at least one."""
    return max(1, -(-len(text.split()) // WORDS_A_PAGE))


def require_ready(*, title: str, lead: str, body: str) -> None:
    """Raise ``NotReady``, naming each field, unless the article has what readers need: a title, a lead and a text."""
    missing = {
        pointer: message
        for pointer, text, message in (
            ("/title", title, _("Donnez un titre à l’article.")),
            ("/lead", lead, _("Écrivez le chapô : il est lu par tous, abonnés ou non.")),
            ("/body", body, _("Écrivez le texte de l’article.")),
        )
        if not text.strip()
    }
    if missing:
        raise NotReady("Avant de paraître, l’article doit avoir un titre, un chapô et un texte.", errors=missing)


def reading_minutes(text: str) -> int:
    """Return how long a text takes to read, in minutes, at least one."""
    return max(1, round(len(text.split()) / WORDS_A_MINUTE))


def report_title(*, day_title: str, city: str) -> str:
    """Return the title proposed for the report of a day: the town, then the subject; short enough to be kept."""
    title = day_title if city.casefold() in day_title.casefold() else f"{city} : {day_title}"
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"


def report_body(session_titles: Sequence[str]) -> str:
    """Return the skeleton of a report, in Markdown: a heading for each session and room to write under it."""
    return "\n\n\n".join(f"## {' '.join(title.split())}" for title in session_titles) + "\n\n" if session_titles else ""


def signature(names: Sequence[str]) -> str:
    """Return how people sign together: « Anne Roux, Michel Monier et Alix Petit »."""
    *others, last = names
    return f"{', '.join(others)} et {last}" if others else last


def nearness(text: str, other: str) -> float:
    """Return how near two texts are in words, 0 when they share fewer than ``WORDS_IN_COMMON``; at most 1.

    A word counts from five letters on, by its first six: endings are no difference, small words are no likeness.
    """
    own, others = _stems(text), _stems(other)
    common = len(own & others)
    return common / len(own | others) if common >= WORDS_IN_COMMON else 0.0


@lru_cache(maxsize=500)
def _stems(text: str) -> frozenset[str]:
    """Return what counts of the words of a text; kept, as every article is compared with the same newest ones."""
    return frozenset(word[:6] for word in re.findall(r"[a-z]{5,}", fold(text) or ""))


def opens_on(*, published_on: date, months: int) -> date | None:
    """Return the day from which a reserved text is everybody's, or ``None`` when ``months`` is 0: never."""
    return add_months(published_on, months) if months else None


def last_opened(*, today: date, months: int) -> date:
    """Return the last day of publication whose texts are everybody's today, ``months`` (at least one) later."""
    day = add_months(today, -months)
    while add_months(day + timedelta(days=1), months) <= today:
        day += timedelta(days=1)
    return day


def takes_comments(*, published_at: datetime | None, days: int, now: datetime) -> bool:
    """Return whether an article takes comments: for ``days`` after its publication, or always when that is 0."""
    return published_at is not None and (not days or now < published_at + timedelta(days=days))


def is_held(*, is_known: bool, published: int) -> bool:
    """Return whether a comment waits for the moderators: that of who is signed in does not, after two they let pass."""
    return not is_known or published < FREE_AFTER


def public_name(name: str) -> str:
    """Return the name under which a comment stands: an address typed for one, or into it, is nobody's to see."""
    plain = unicodedata.normalize("NFKC", name)
    if "@" not in plain:
        return name
    return " ".join(_ADDRESS.sub(" ", plain).split()).strip(" <>()[]-–,;:") or _("Un lecteur")


def edit_until(created_at: datetime) -> datetime:
    """Return until when its author may mend a comment."""
    return created_at + EDIT_WITHIN


def may_share(*, to_recipient: int, from_sender: int, in_all: int) -> bool:
    """Return whether one more page may be sent, from the numbers of the last 24 hours."""
    return to_recipient < SHARES_PER_RECIPIENT and from_sender < SHARES_PER_SENDER and in_all < SHARES_IN_ALL


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive words with one fate."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return ``after`` as pieces that stayed or were added, and among them those of ``before`` that went.

    Paragraphs are set against each other first, then the words of those that differ: quick on long texts, and a
    reader finds the change in its sentence.
    """
    pieces: list[Piece] = []
    for old, new in _blocks(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        if old == new:
            _put(pieces, Change.SAME, "".join(new))
            continue
        for words_before, words_after in _blocks(_words("".join(old)), _words("".join(new))):
            if words_before == words_after:
                _put(pieces, Change.SAME, "".join(words_after))
            else:
                _put(pieces, Change.REMOVED, "".join(words_before))
                _put(pieces, Change.ADDED, "".join(words_after))
    return pieces


def reconciled(*, base: str | None, mine: str, theirs: str) -> str | None:
    """Return the text that two people both agree with, from the one that both opened; ``None`` when they differ.

    Whoever left it as it was agrees with the other.
    """
    if mine == theirs or theirs == base:
        return mine
    return theirs if mine == base else None


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    matcher = SequenceMatcher(None, before, after)
    for _kind, start, end, other_start, other_end in matcher.get_opcodes():
        yield before[start:end], after[other_start:other_end]


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[\w’'-]+|[^\w\s]", text)


def _put(pieces: list[Piece], change: Change, text: str) -> None:
    if text and pieces and pieces[-1].change is change:
        pieces[-1] = Piece(change, pieces[-1].text + text)
    elif text:
        pieces.append(Piece(change, text))
