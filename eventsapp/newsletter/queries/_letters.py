"""Letters, whom each was for, and how far they are."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, defer

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Kind, Listing, State
from eventsapp.mail import queries as mails
from eventsapp.mail.models import OutgoingMail, Suppression
from eventsapp.mail.statuses import MailStatus, RecipientStatus, SuppressionReason
from eventsapp.mail.values import ON_THEIR_WAY, Progress
from eventsapp.newsletter.models import Letter, LetterRecipient, Reader, reader_themes
from eventsapp.newsletter.statuses import ON_ITS_WAY, LeftOut, LetterStatus, ReaderStatus

STATUS_WORDS = {
    LetterStatus.DRAFT: _l("brouillon"),
    LetterStatus.PLANNED: _l("programmée"),
    LetterStatus.SENDING: _l("en cours d’envoi"),
    LetterStatus.DONE: _l("envoyée"),
    LetterStatus.DROPPED: _l("abandonnée"),
}
STATUS_TONES = {
    LetterStatus.DRAFT: "told",
    LetterStatus.PLANNED: "wait",
    LetterStatus.SENDING: "wait",
    LetterStatus.DONE: "good",
    LetterStatus.DROPPED: "told",
}
_LEFT_OUT_WORDS = {LeftOut.LEFT: _l("parti entre-temps"), LeftOut.THEMES: _l("rien sur ses thèmes")}


def letter(letter_id: int) -> Letter | None:
    """Return that letter, or ``None``."""
    return db.session.get(Letter, letter_id)


def letter_of_week(week: date) -> Letter | None:
    """Return the letter of the week that begins on that Monday, or ``None``."""
    return db.session.scalar(sa.select(Letter).where(Letter.week == week))


def locked_letter(letter_id: int) -> Letter:
    """Return the letter as the database has it now; nobody else changes it until the transaction ends."""
    return db.session.scalars(
        sa.select(Letter).where(Letter.id == letter_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def hold_drafts(letter_id: int) -> None:
    """Keep every draft, and that letter, from others until the transaction ends, by key: they share articles."""
    db.session.execute(
        sa.select(Letter.id)
        .where(sa.or_(Letter.status == LetterStatus.DRAFT, Letter.id == letter_id))
        .order_by(Letter.id)
        .with_for_update()
    )


def last_covered() -> datetime | None:
    """Return until when the letters that were sent looked for news; ``None`` before the first one."""
    return db.session.scalar(
        sa.select(Letter.covers_until)
        .where(Letter.status.in_(ON_ITS_WAY))
        .order_by(Letter.covers_until.desc())
        .limit(1)
    )


def count_readers(theme_ids: Collection[int | None]) -> int:
    """Return how many readers a letter about these themes reaches; ``None`` among them is for everybody.

    Who confirmed and did not leave, whom nobody left out since, and who wants one of the themes.
    """
    wants: sa.ColumnElement[bool] = sa.or_(
        Reader.all_themes,
        sa.exists().where(
            reader_themes.c.reader_id == Reader.id,
            reader_themes.c.theme_id.in_([key for key in theme_ids if key is not None]),
        ),
    )
    wanted = [] if None in theme_ids else [wants]
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Reader)
            .where(Reader.status == ReaderStatus.CONFIRMED, ~sa.exists().where(_keeps_out()), *wanted)
        )
        or 0
    )


def left_out(reader_ids: Collection[int]) -> dict[int, SuppressionReason]:
    """Return which of these readers the letter does not reach, and why."""
    rows = db.session.execute(
        sa.select(Reader.id, Suppression.reason).join(Suppression, _keeps_out()).where(Reader.id.in_(reader_ids))
    )
    return {row.id: row.reason for row in rows}


def _keeps_out() -> sa.ColumnElement[bool]:
    """A line of the addresses left out counts for the letter: who refused all messages may have asked for it since."""
    return sa.and_(
        Suppression.address == Reader.email,
        sa.or_(Suppression.reason != SuppressionReason.UNSUBSCRIBED, Suppression.at >= Reader.confirmed_at),
    )


def startable(*, now: datetime) -> Sequence[int]:
    """Return the keys of the letters that may leave or are leaving, the oldest first."""
    return db.session.scalars(
        sa.select(Letter.id)
        .where(
            sa.or_(
                Letter.status == LetterStatus.SENDING,
                sa.and_(Letter.status == LetterStatus.PLANNED, Letter.starts_at <= now),
            )
        )
        .order_by(Letter.starts_at, Letter.id)
    ).all()


def waiting_recipients(letter_id: int, *, most: int) -> Sequence[LetterRecipient]:
    """Return some of those not written to yet, for this worker alone."""
    return db.session.scalars(
        sa.select(LetterRecipient)
        .where(LetterRecipient.letter_id == letter_id, LetterRecipient.status == RecipientStatus.WAITING)
        .order_by(LetterRecipient.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def progress_of(letter_id: int) -> Progress:
    """Return how far a letter is: one query, whatever the number of its readers."""
    rows = db.session.execute(
        sa.select(LetterRecipient.status, OutgoingMail.status, sa.func.count())
        .outerjoin(LetterRecipient.mail)
        .where(LetterRecipient.letter_id == letter_id)
        .group_by(LetterRecipient.status, OutgoingMail.status)
    )
    return Progress.counted((row[0], row[1], row[2]) for row in rows)


def letter_list() -> Listing:
    """Describe the office's list of letters."""
    return Listing(
        name="lettres",
        title=_l("Lettre d’information"),
        statement=sa.select(Letter),
        loads=(defer(Letter.intro, raiseload=True),),
        states=(
            State("toutes", _l("Toutes"), Letter.status != LetterStatus.DROPPED),
            State("brouillons", _l("Brouillons"), Letter.status == LetterStatus.DRAFT),
            State("en-cours", _l("En cours"), Letter.status.in_((LetterStatus.PLANNED, LetterStatus.SENDING))),
            State("envoyees", _l("Envoyées"), Letter.status == LetterStatus.DONE),
            State("abandonnees", _l("Abandonnées"), Letter.status == LetterStatus.DROPPED),
        ),
        search=(Letter.subject,),
        search_hint=_l("Objet"),
        columns=(
            Column("objet", _l("Objet"), lambda row: row.subject, opens=True, sort=Letter.subject),
            Column(
                "etat",
                _l("État"),
                lambda row: STATUS_WORDS[row.status],
                kind=Kind.STATE,
                tone=lambda row: STATUS_TONES[row.status],
            ),
            Column("semaine", _l("Semaine du"), lambda row: row.week, kind=Kind.DATE, sort=Letter.week),
            Column(
                "depart",
                _l("Départ"),
                lambda row: row.starts_at,
                kind=Kind.MOMENT,
                sort=Letter.starts_at,
                on_phone=False,
            ),
            Column("lecteurs", _l("Lecteurs"), lambda row: row.total or None, kind=Kind.NUMBER, sort=Letter.total),
        ),
        order=(Letter.week.desc(),),
        empty=_l("Chaque lundi le site prépare une lettre des articles parus et des journées à venir."),
    )


def recipient_list(letter_id: int) -> Listing:
    """Describe the list of those a letter was for, each with what became of it."""
    return Listing(
        name="lecteurs",
        title=_l("Lecteurs"),
        statement=sa.select(LetterRecipient)
        .outerjoin(LetterRecipient.mail)
        .where(LetterRecipient.letter_id == letter_id),
        loads=(
            contains_eager(LetterRecipient.mail).options(
                defer(OutgoingMail.text, raiseload=True), defer(OutgoingMail.html, raiseload=True)
            ),
        ),
        states=(
            State("tous", _l("Tous")),
            State(
                "en-attente",
                _l("En attente"),
                sa.or_(LetterRecipient.status == RecipientStatus.WAITING, OutgoingMail.status.in_(ON_THEIR_WAY)),
            ),
            State("partis", _l("Partis"), OutgoingMail.status == MailStatus.SENT),
            State(
                "refuses",
                _l("Refusés"),
                sa.or_(OutgoingMail.status == MailStatus.FAILED, LetterRecipient.status == RecipientStatus.FAILED),
            ),
            State("ecartes", _l("Écartés"), LetterRecipient.status == RecipientStatus.LEFT_OUT),
        ),
        search=(LetterRecipient.address,),
        domains=(LetterRecipient.address,),
        search_hint=_l("Adresse"),
        columns=(
            Column("adresse", _l("Adresse"), _address, opens=True, sort=LetterRecipient.address),
            Column(
                "etat",
                _l("État"),
                _state,
                kind=Kind.STATE,
                tone=_tone,
                second=lambda row: row.mail.last_error if row.mail else "",
                second_label=_l("Le serveur a répondu"),
            ),
            Column("parti", _l("Parti"), lambda row: row.mail.sent_at if row.mail else None, kind=Kind.MOMENT),
        ),
        order=(LetterRecipient.id,),
        empty=_l("Les lecteurs sont inscrits ici au moment du départ."),
        count_bound=10_000,
    )


def _address(row: LetterRecipient) -> str:
    return row.address if row.address is not None else str(_("adresse effacée"))


def _state(row: LetterRecipient) -> str:
    if row.status is RecipientStatus.LEFT_OUT:
        own = {reason.value: word for reason, word in _LEFT_OUT_WORDS.items()}
        return str(own[row.reason] if row.reason in own else mails.REASONS[SuppressionReason(row.reason)])
    if row.status is RecipientStatus.FAILED:
        return str(_("non écrit, le journal du serveur dit pourquoi"))
    return str(mails.LABELS[row.mail.status if row.mail else MailStatus.QUEUED])


def _tone(row: LetterRecipient) -> str:
    if row.status is RecipientStatus.LEFT_OUT:
        return "told"
    if row.status is RecipientStatus.FAILED:
        return "bad"
    return mails.TONES[row.mail.status if row.mail else MailStatus.QUEUED]
