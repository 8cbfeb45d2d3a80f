"""Reading the outbox."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import InstrumentedAttribute, defer

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.mail.models import OutgoingMail, Suppression
from eventsapp.mail.statuses import FROM_EVERYTHING, MailStatus, SuppressionReason
from eventsapp.mail.values import ON_THEIR_WAY

LABELS = {
    MailStatus.QUEUED: _l("en attente"),
    MailStatus.SENDING: _l("en cours d’envoi"),
    MailStatus.SENT: _l("parti"),
    MailStatus.FAILED: _l("refusé"),
    MailStatus.KEPT: _l("gardé, non envoyé"),
}
TONES = {
    MailStatus.QUEUED: "wait",
    MailStatus.SENDING: "wait",
    MailStatus.SENT: "good",
    MailStatus.FAILED: "bad",
    MailStatus.KEPT: "told",
}
#: Mails of these rooms let whoever reads them sign in as their recipient.
_SIGNING_IN = ("accounts/",)
#: Why an address is left out, in words.
REASONS = {
    SuppressionReason.UNSUBSCRIBED: _l("ne veut plus de messages"),
    SuppressionReason.BOUNCED: _l("adresse en échec"),
    SuppressionReason.RETURNED: _l("courriel revenu"),
    SuppressionReason.COMPLAINED: _l("plainte reçue"),
    SuppressionReason.NEWSLETTER: _l("a quitté la lettre"),
}
#: What nobody wished for.
_BAD = frozenset({SuppressionReason.BOUNCED, SuppressionReason.RETURNED, SuppressionReason.COMPLAINED})
#: Addresses asked about in one statement: SQLite takes so many values and more.
_AT_ONCE = 10_000


def mail_by_id(mail_id: int) -> OutgoingMail | None:
    """Return that mail, or ``None``."""
    return db.session.get(OutgoingMail, mail_id)


def lets_sign_in(mail: OutgoingMail) -> bool:
    """Return whether whoever reads the mail could sign in as its recipient."""
    return mail.template.startswith(_SIGNING_IN)


def is_old(before: datetime) -> sa.ColumnElement[bool]:
    """Be a mail whose time is over at that moment: written before, and not on its way."""
    return sa.and_(OutgoingMail.created_at < before, OutgoingMail.status.not_in(ON_THEIR_WAY))


def is_erased() -> sa.ColumnElement[bool]:
    """Be a mail of which neither words nor address are kept."""
    # Not "is empty": SQLite would look up all erased mails by the index of addresses, and then ask which are meant.
    return sa.and_(OutgoingMail.subject == "", sa.func.length(OutgoingMail.to_address) == 0)


def mails_about(kind: str, key: int) -> Sequence[OutgoingMail]:
    """Return the mails about one thing, the newest first, without what they say."""
    return db.session.scalars(
        sa.select(OutgoingMail)
        .where(OutgoingMail.subject_kind == kind, OutgoingMail.subject_id == key)
        .options(defer(OutgoingMail.text, raiseload=True), defer(OutgoingMail.html, raiseload=True))
        .order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
    ).all()


def mails_of_seat(
    registration_id: int, addresses: Collection[str], *, order_id: int, study_day_id: int, is_buyers: bool, most: int
) -> Sequence[OutgoingMail]:
    """Return the latest mails to whoever has a seat, about its order or its day, without what they say.

    These are the ``addresses`` of the seat. To whom an erased mail went nobody knows: those about the seat stay, and of
    those about no seat of the order the ones about the day, or where the seat ``is_buyers`` all of them.
    """
    of_order = sa.and_(OutgoingMail.subject_kind == "order", OutgoingMail.subject_id == order_id)
    of_day = OutgoingMail.study_day_id == study_day_id
    of_no_seat = sa.and_(of_order, OutgoingMail.registration_id.is_(None), sa.true() if is_buyers else of_day)
    return db.session.scalars(
        sa.select(OutgoingMail)
        .where(
            sa.or_(
                sa.and_(OutgoingMail.to_address.in_(addresses), sa.or_(of_order, of_day)),
                sa.and_(OutgoingMail.registration_id == registration_id, is_erased()),
                sa.and_(of_no_seat, is_erased()),
            )
        )
        .options(defer(OutgoingMail.text, raiseload=True), defer(OutgoingMail.html, raiseload=True))
        .order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
        .limit(most)
    ).all()


def is_written(template: str, *, about: tuple[str, int]) -> bool:
    """Return whether a mail of that template about one thing was ever written."""
    kind, key = about
    return (
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    OutgoingMail.subject_kind == kind,
                    OutgoingMail.subject_id == key,
                    OutgoingMail.template == template,
                )
            )
        )
        is True
    )


def left(
    template: str, *, about: tuple[str, InstrumentedAttribute[int]], since: Any, until: datetime
) -> sa.ColumnElement[bool]:
    """Be a thing, of a kind with its key, about which a mail of that template left; both bounds belong to it."""
    kind, key = about
    return sa.exists().where(
        OutgoingMail.subject_kind == kind,
        OutgoingMail.subject_id == key,
        OutgoingMail.template == template,
        OutgoingMail.status == MailStatus.SENT,
        OutgoingMail.created_at >= since,
        OutgoingMail.sent_at <= until,
    )


def written_to(address: str, templates: Collection[str], *, since: datetime) -> Sequence[datetime]:
    """Return when an address was written to after a moment, by one of these templates."""
    return db.session.scalars(
        sa.select(OutgoingMail.created_at).where(
            OutgoingMail.to_address == address,
            OutgoingMail.created_at > since,
            OutgoingMail.template.in_(templates),
        )
    ).all()


def written_among(addresses: Collection[str], template: str, *, since: datetime) -> dict[str, int]:
    """Return how often each of these addresses was written to after a moment by one template; none where never."""
    return dict(
        db.session.execute(
            sa.select(OutgoingMail.to_address, sa.func.count())
            .where(
                OutgoingMail.to_address.in_(addresses),
                OutgoingMail.template == template,
                OutgoingMail.created_at > since,
            )
            .group_by(OutgoingMail.to_address)
        ).all()
    )


def written_about(kind: str, keys: Collection[int], template: str, *, since: datetime) -> int:
    """Return how many mails were written about these things after a moment by one template."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(OutgoingMail.id)).where(
                OutgoingMail.subject_kind == kind,
                OutgoingMail.subject_id.in_(keys),
                OutgoingMail.template == template,
                OutgoingMail.created_at > since,
            )
        )
        or 0
    )


def refused_about(kind: str) -> sa.Select[int | None]:
    """Return the keys of the rows of another room about which a mail was refused by the server."""
    return sa.select(OutgoingMail.subject_id).where(
        OutgoingMail.subject_kind == kind, OutgoingMail.status == MailStatus.FAILED
    )


def mail_list() -> Listing:
    """Describe the office's list of mails."""
    return Listing(
        name="courriels",
        title=_l("Courriels"),
        statement=sa.select(OutgoingMail),
        states=(
            State("tous", _l("Tous")),
            State("en-attente", _l("En attente"), OutgoingMail.status.in_(ON_THEIR_WAY)),
            State("partis", _l("Partis"), OutgoingMail.status == MailStatus.SENT),
            State("refuses", _l("Refusés"), OutgoingMail.status == MailStatus.FAILED),
            State("gardes", _l("Gardés"), OutgoingMail.status == MailStatus.KEPT),
        ),
        search=(OutgoingMail.subject, OutgoingMail.to_address, OutgoingMail.to_name),
        domains=(OutgoingMail.to_address,),
        search_hint=_l("Objet, destinataire"),
        filters=(Dates(name="date", label=_l("Date"), column=OutgoingMail.created_at),),
        columns=(
            Column(
                "objet",
                _l("Objet"),
                lambda mail: mail.title,
                opens=True,
                second=lambda mail: mail.to_address,
                second_label=_l("Destinataire"),
            ),
            Column(
                "etat",
                _l("État"),
                lambda mail: LABELS[mail.status],
                kind=Kind.STATE,
                tone=lambda mail: TONES[mail.status],
            ),
            Column("quand", _l("Écrit"), lambda mail: mail.created_at, kind=Kind.MOMENT, sort=OutgoingMail.created_at),
            Column("essais", _l("Essais"), lambda mail: mail.attempts, kind=Kind.NUMBER, on_phone=False),
        ),
        order=(OutgoingMail.created_at.desc(), OutgoingMail.id.desc()),
        count_bound=10_000,
        empty=_l("Chaque courriel que le site écrit paraîtra ici, envoyé ou non."),
    )


def suppressed(addresses: Collection[str]) -> dict[str, SuppressionReason]:
    """Return which of these addresses are left out of messages to many, and why; what the person asked goes first."""
    found: dict[str, SuppressionReason] = {}
    wanted = sorted({address.lower() for address in addresses})
    for first in range(0, len(wanted), _AT_ONCE):
        rows = db.session.execute(
            sa.select(Suppression.address, Suppression.reason).where(
                Suppression.address.in_(wanted[first : first + _AT_ONCE]), Suppression.reason.in_(FROM_EVERYTHING)
            )
        )
        for address, reason in rows:
            if found.get(address) is not SuppressionReason.UNSUBSCRIBED:
                found[address] = reason
    return found


def is_suppressed(address: str, reason: SuppressionReason) -> bool:
    """Return whether the address is left out for that reason."""
    return (
        db.session.scalar(
            sa.select(sa.exists().where(Suppression.address == address.strip().lower(), Suppression.reason == reason))
        )
        is True
    )


def suppression_by_id(suppression_id: int) -> Suppression | None:
    """Return that line, or ``None``."""
    return db.session.get(Suppression, suppression_id)


def suppression_list() -> Listing:
    """Describe the office's list of addresses that are left out of messages to many."""
    return Listing(
        name="adresses-ecartees",
        title=_l("Adresses écartées"),
        statement=sa.select(Suppression),
        states=(
            State("toutes", _l("Toutes")),
            State("refus", _l("À leur demande"), Suppression.reason == SuppressionReason.UNSUBSCRIBED),
            State("echecs", _l("Adresses en échec"), Suppression.reason == SuppressionReason.BOUNCED),
            State("retours", _l("Courriels revenus"), Suppression.reason == SuppressionReason.RETURNED),
            State("plaintes", _l("Plaintes"), Suppression.reason == SuppressionReason.COMPLAINED),
            State("lettre", _l("Lettre quittée"), Suppression.reason == SuppressionReason.NEWSLETTER),
        ),
        search=(Suppression.address,),
        domains=(Suppression.address,),
        search_hint=_l("Adresse"),
        filters=(Dates(name="date", label=_l("Date"), column=Suppression.at),),
        columns=(
            Column("adresse", _l("Adresse"), lambda row: row.address, opens=True, sort=Suppression.address),
            Column(
                "raison",
                _l("Raison"),
                lambda row: REASONS[row.reason],
                kind=Kind.STATE,
                tone=lambda row: "bad" if row.reason in _BAD else "told",
                second=lambda row: row.detail,
                second_label=_l("Précision"),
            ),
            Column("quand", _l("Depuis"), lambda row: row.at, kind=Kind.MOMENT, sort=Suppression.at),
        ),
        order=(Suppression.at.desc(), Suppression.id.desc()),
        empty=_l("Les adresses qui ne veulent plus de messages, ou que leur serveur refuse, paraîtront ici."),
    )
