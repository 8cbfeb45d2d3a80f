"""A letter from its draft until it leaves."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.mail.rules import UNDO
from eventsapp.newsletter import mails, queries, rules
from eventsapp.newsletter.errors import EmptyLetter, LetterGone, NobodyReads, ReadersChanged
from eventsapp.newsletter.models import Letter, LetterItem
from eventsapp.newsletter.statuses import LetterStatus
from eventsapp.newsletter.values import Choice, Contents, LetterEdit, Told


@dataclass(frozen=True, slots=True)
class Counted:
    """What a letter tells, and how many would read it."""

    told: list[Told]
    readers: int


def counted(letter_id: int, *, now: datetime) -> Counted:
    """Return what the letter would tell at ``now``, and how many readers have something of it."""
    told = queries.told(queries.items_of(letter_id), now=now, locale=DEFAULT_LOCALE)
    return Counted(told=told, readers=queries.count_readers({each.theme_id for each in told}) if told else 0)


def edit(letter_id: int, wanted: LetterEdit, *, version: int, actor: User, now: datetime) -> Letter:
    """Change a draft; things that are not in it are passed over. Raises ``Conflict`` and ``LetterGone``."""
    letter = _draft(letter_id, version=version)
    items = {item.id: item for item in queries.items_of(letter_id)}
    before = _as_told(letter)
    letter.subject, letter.intro = wanted.subject, wanted.intro
    changed = 0
    for line in wanted.items:
        item = items.get(line.item_id)
        if item is None or (item.position, item.is_in, item.text) == (line.position, line.is_in, line.text):
            continue
        item.position, item.is_in, item.text = line.position, line.is_in, line.text
        changed += 1
    letter.updated_at, letter.version = now, version + 1
    changes = audit.difference(before, _as_told(letter)) | ({"items": [None, changed]} if changed else {})
    audit.record("newsletter.edit", subject=_subject(letter), actor=actor, now=now, changes=changes)
    return letter


def drop(letter_id: int, *, actor: User, now: datetime) -> None:
    """Send no letter that week; what it told of waits for the next one. Raises ``LetterGone``."""
    letter = _draft(letter_id)
    letter.status, letter.updated_at = LetterStatus.DROPPED, now
    audit.record("newsletter.drop", subject=_subject(letter), actor=actor, now=now)


def send_test(letter: Letter, choice: Choice, *, actor: User, now: datetime) -> None:
    """Send the letter to whoever writes it, as somebody with that choice would read it. Raises ``EmptyLetter``."""
    contents = Contents.of(counted(letter.id, now=now).told, choice)
    if not contents.groups:
        raise EmptyLetter(
            "Cette lettre ne dit rien à ces lecteurs : choisissez d’autres thèmes, ou gardez-y un article."
        )
    mails.on_trial(letter, contents, to=actor.email, name=actor.name, now=now)


def plan(
    letter_id: int, *, expected: int, version: int, leaves_at: datetime | None, actor: User, now: datetime
) -> Letter:
    """Let a draft leave at ``leaves_at``, else in a minute, after somebody saw that ``expected`` readers have it.

    Who reads it is written down when it leaves: who joins until then has it too. Other drafts lose the articles that
    it tells of: nobody reads of one twice. Raises ``ReadersChanged``,
    ``NobodyReads``, ``EmptyLetter``, ``Invalid`` for an hour that cannot be, ``Conflict`` and ``LetterGone``.
    """
    # Two planned at one moment would each take the article of both out of the other: the second sees it gone.
    queries.hold_drafts(letter_id)
    letter = _draft(letter_id, version=version)
    if leaves_at is not None and not rules.can_leave_at(leaves_at, now=now):
        raise Invalid(
            "Choisissez une heure à venir, dans les deux mois.",
            errors={"/leaves_at": _("Choisissez une heure à venir, dans les deux mois.")},
        )
    found = counted(letter_id, now=now)
    if not found.told:
        raise EmptyLetter("Cette lettre est vide : gardez-y un article ou une journée.")
    if not found.readers:
        raise NobodyReads("Personne ne recevrait cette lettre : aucun lecteur n’a confirmé son adresse.")
    if found.readers != expected:
        raise ReadersChanged(
            _(
                "Le nombre de lecteurs a changé entre-temps : %(count)s. Relisez, puis confirmez.",
                count=ngettext("%(num)d lecteur", "%(num)d lecteurs", found.readers),
            )
        )
    letter.status, letter.starts_at = LetterStatus.PLANNED, max(leaves_at or now, now + UNDO)
    _take_out_of_drafts(letter_id)
    audit.record(
        "newsletter.send",
        subject=_subject(letter),
        actor=actor,
        now=now,
        changes={"readers": [None, expected], "starts_at": [None, str(letter.starts_at)]},
    )
    return letter


def undo(letter_id: int, *, actor: User, now: datetime) -> None:
    """Make a draft again of a letter that has not left. Raises ``LetterGone`` from its hour on."""
    letter = queries.locked_letter(letter_id)
    if letter.status is not LetterStatus.PLANNED or letter.starts_at is None or letter.starts_at <= now:
        raise LetterGone("Cette lettre est déjà partie : elle ne s’annule plus.")
    letter.status, letter.starts_at = LetterStatus.DRAFT, None
    audit.record("newsletter.undo", subject=_subject(letter), actor=actor, now=now)


def _draft(letter_id: int, *, version: int | None = None) -> Letter:
    letter = queries.locked_letter(letter_id)
    if letter.status is not LetterStatus.DRAFT:
        raise LetterGone("Cette lettre n’est plus un brouillon.")
    if version is not None and letter.version != version:
        raise Conflict("Quelqu’un a modifié cette lettre entre-temps.")
    return letter


def _take_out_of_drafts(letter_id: int) -> None:
    told = sa.select(LetterItem.article_id).where(
        LetterItem.letter_id == letter_id, LetterItem.is_in, LetterItem.article_id.is_not(None)
    )
    others = sa.select(Letter.id).where(Letter.status == LetterStatus.DRAFT, Letter.id != letter_id)
    db.session.execute(
        sa.delete(LetterItem)
        .where(LetterItem.letter_id.in_(others), LetterItem.article_id.in_(told))
        .execution_options(synchronize_session=False)
    )


def _as_told(letter: Letter) -> dict[str, str]:
    return {"subject": letter.subject, "intro": letter.intro}


def _subject(letter: Letter) -> tuple[str, int, str]:
    return "letter", letter.id, letter.subject
