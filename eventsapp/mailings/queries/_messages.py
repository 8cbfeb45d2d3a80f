"""Messages, whom each was for, and how far they are."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, defer

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.mail import queries as mails
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus, RecipientStatus, SuppressionReason
from eventsapp.mail.values import ON_THEIR_WAY, Progress
from eventsapp.mailings import rules
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.statuses import MailingStatus

STATUS_WORDS = {
    MailingStatus.DRAFT: _l("brouillon"),
    MailingStatus.PLANNED: _l("part dans un instant"),
    MailingStatus.SENDING: _l("en cours d’envoi"),
    MailingStatus.DONE: _l("envoyé"),
}
STATUS_TONES = {
    MailingStatus.DRAFT: "told",
    MailingStatus.PLANNED: "wait",
    MailingStatus.SENDING: "wait",
    MailingStatus.DONE: "good",
}


def mailing(mailing_id: int) -> Mailing | None:
    """Return that message, or ``None``."""
    return db.session.get(Mailing, mailing_id)


def locked_mailing(mailing_id: int) -> Mailing:
    """Return the message as the database has it now; nobody else changes it until the transaction ends."""
    return db.session.scalars(
        sa.select(Mailing).where(Mailing.id == mailing_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def startable(*, now: datetime) -> Sequence[int]:
    """Return the keys of the messages that may leave or are leaving, the oldest first."""
    return db.session.scalars(
        sa.select(Mailing.id)
        .where(
            sa.or_(
                Mailing.status == MailingStatus.SENDING,
                sa.and_(Mailing.status == MailingStatus.PLANNED, Mailing.starts_at <= now),
            )
        )
        .order_by(Mailing.starts_at, Mailing.id)
    ).all()


def waiting_recipients(mailing_id: int, *, most: int) -> Sequence[MailingRecipient]:
    """Return some of those not written to yet, for this worker alone."""
    return db.session.scalars(
        sa.select(MailingRecipient)
        .where(MailingRecipient.mailing_id == mailing_id, MailingRecipient.status == RecipientStatus.WAITING)
        .order_by(MailingRecipient.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def progress_of(mailing_id: int) -> Progress:
    """Return how far a message is: one query, whatever the number of its readers."""
    rows = db.session.execute(
        sa.select(MailingRecipient.status, OutgoingMail.status, sa.func.count())
        .outerjoin(MailingRecipient.mail)
        .where(MailingRecipient.mailing_id == mailing_id)
        .group_by(MailingRecipient.status, OutgoingMail.status)
    ).all()
    return Progress.counted((row[0], row[1], row[2]) for row in rows)


def mailing_list() -> Listing:
    """Describe the office's list of messages."""
    return Listing(
        name="messages",
        title=_l("Messages"),
        statement=sa.select(Mailing),
        loads=(defer(Mailing.body, raiseload=True),),
        states=(
            State("tous", _l("Tous")),
            State("brouillons", _l("Brouillons"), Mailing.status == MailingStatus.DRAFT),
            State(
                "en-cours",
                _l("En cours"),
                Mailing.status.in_((MailingStatus.PLANNED, MailingStatus.SENDING)),
            ),
            State("envoyes", _l("Envoyés"), Mailing.status == MailingStatus.DONE),
        ),
        search=(Mailing.subject, Mailing.author_label),
        search_hint=_l("Objet, auteur"),
        filters=(Dates(name="date", label=_l("Date"), column=Mailing.created_at),),
        columns=(
            Column(
                "objet",
                _l("Objet"),
                lambda row: rules.worded(row.subject),
                opens=True,
                second=lambda row: row.author_label,
                second_label=_l("Auteur"),
                sort=Mailing.subject,
            ),
            Column(
                "etat",
                _l("État"),
                lambda row: STATUS_WORDS[row.status],
                kind=Kind.STATE,
                tone=lambda row: STATUS_TONES[row.status],
            ),
            Column(
                "destinataires",
                _l("Destinataires"),
                lambda row: row.total or None,
                kind=Kind.NUMBER,
                sort=Mailing.total,
            ),
            Column("quand", _l("Écrit"), lambda row: row.created_at, kind=Kind.MOMENT, sort=Mailing.created_at),
        ),
        order=(Mailing.created_at.desc(), Mailing.id.desc()),
        empty=_l("Un message s’écrit une fois et part à toutes les personnes inscrites à une journée, ou à certaines."),
    )


def recipient_list(mailing_id: int) -> Listing:
    """Describe the list of those a message was for, each with what became of it."""
    return Listing(
        name="destinataires",
        title=_l("Destinataires"),
        statement=sa.select(MailingRecipient)
        .outerjoin(MailingRecipient.mail)
        .where(MailingRecipient.mailing_id == mailing_id),
        loads=(
            contains_eager(MailingRecipient.mail).options(
                defer(OutgoingMail.text, raiseload=True), defer(OutgoingMail.html, raiseload=True)
            ),
        ),
        states=(
            State("tous", _l("Tous")),
            State(
                "en-attente",
                _l("En attente"),
                sa.or_(
                    MailingRecipient.status == RecipientStatus.WAITING,
                    OutgoingMail.status.in_(ON_THEIR_WAY),
                ),
            ),
            State("partis", _l("Partis"), OutgoingMail.status == MailStatus.SENT),
            State(
                "refuses",
                _l("Refusés"),
                sa.or_(OutgoingMail.status == MailStatus.FAILED, MailingRecipient.status == RecipientStatus.FAILED),
            ),
            State("ecartes", _l("Écartés"), MailingRecipient.status == RecipientStatus.LEFT_OUT),
        ),
        search=(MailingRecipient.name, MailingRecipient.address),
        domains=(MailingRecipient.address,),
        search_hint=_l("Nom, adresse"),
        columns=(
            Column(
                "destinataire",
                _l("Destinataire"),
                lambda row: row.name or row.address or _("adresse effacée"),
                opens=True,
                sort=MailingRecipient.name,
                second=lambda row: row.address if row.name else "",
                second_label=_l("Adresse"),
            ),
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
        order=(MailingRecipient.id,),
        empty=_l("Personne encore."),
    )


def _state(row: MailingRecipient) -> str:
    if row.status is RecipientStatus.LEFT_OUT:
        return str(mails.REASONS[SuppressionReason(row.reason)])
    if row.status is RecipientStatus.FAILED:
        return str(_("non écrit, le journal du serveur dit pourquoi"))
    return str(mails.LABELS[row.mail.status if row.mail else MailStatus.QUEUED])


def _tone(row: MailingRecipient) -> str:
    if row.status is RecipientStatus.LEFT_OUT:
        return "told"
    if row.status is RecipientStatus.FAILED:
        return "bad"
    return mails.TONES[row.mail.status if row.mail else MailStatus.QUEUED]
