"""Readers of the newsletter."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing, State
from eventsapp.newsletter.models import Consent, Reader
from eventsapp.newsletter.statuses import ReaderStatus
from eventsapp.study_days.models import Theme

READER_WORDS = {
    ReaderStatus.PENDING: _l("à confirmer"),
    ReaderStatus.CONFIRMED: _l("confirmé"),
    ReaderStatus.LEFT: _l("parti"),
}
_TONES = {ReaderStatus.PENDING: "wait", ReaderStatus.CONFIRMED: "good", ReaderStatus.LEFT: "told"}


def reader_by_id(reader_id: int) -> Reader | None:
    """Return that reader, themes loaded, or ``None``."""
    return db.session.scalar(sa.select(Reader).where(Reader.id == reader_id).options(selectinload(Reader.themes)))


def reader_by_secret(secret: str) -> Reader | None:
    """Return whose own page a link opens, themes loaded; nobody before the address is confirmed."""
    return db.session.scalar(
        sa.select(Reader)
        .where(Reader.secret == secret, Reader.status != ReaderStatus.PENDING)
        .options(selectinload(Reader.themes))
    )


def reader_to_confirm(confirm_secret: str) -> Reader | None:
    """Return whose address a link confirms, or ``None``; whether it still does, ``rules.can_confirm`` says."""
    return db.session.scalar(sa.select(Reader).where(Reader.confirm_secret == confirm_secret))


def locked_reader(reader_id: int) -> Reader:
    """Return the reader as the database has them now; nobody else changes them until the transaction ends."""
    return db.session.scalars(
        sa.select(Reader).where(Reader.id == reader_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def locked_reader_of(email: str) -> Reader | None:
    """Return the reader with that address, in lower case, or ``None``, held until the transaction ends."""
    return db.session.scalar(sa.select(Reader).where(Reader.email == email).with_for_update())


def readers(ids: Collection[int]) -> dict[int, Reader]:
    """Return these readers by key, themes loaded."""
    rows = db.session.scalars(sa.select(Reader).where(Reader.id.in_(ids)).options(selectinload(Reader.themes)))
    return {row.id: row for row in rows}


def themes() -> Sequence[Theme]:
    """Return the themes that one may choose, by name."""
    return db.session.scalars(sa.select(Theme).order_by(Theme.name, Theme.id)).all()


def consents_of(reader_id: int) -> Sequence[Consent]:
    """Return what a reader agreed to and took back, the first first."""
    return db.session.scalars(sa.select(Consent).where(Consent.reader_id == reader_id).order_by(Consent.id)).all()


def reader_list() -> Listing:
    """Describe the office's list of readers."""
    return Listing(
        name="lecteurs-de-la-lettre",
        title=_l("Lecteurs de la lettre"),
        statement=sa.select(Reader),
        loads=(selectinload(Reader.themes),),
        states=(
            State("confirmes", _l("Confirmés"), Reader.status == ReaderStatus.CONFIRMED),
            State("a-confirmer", _l("À confirmer"), Reader.status == ReaderStatus.PENDING),
            State("partis", _l("Partis"), Reader.status == ReaderStatus.LEFT),
            State("tous", _l("Tous")),
        ),
        search=(Reader.email,),
        domains=(Reader.email,),
        search_hint=_l("Adresse"),
        filters=(Dates(name="demande", label=_l("Demande"), column=Reader.asked_at),),
        columns=(
            Column("adresse", _l("Adresse"), lambda row: row.email, opens=True, sort=Reader.email),
            Column("themes", _l("Thèmes"), _themes),
            Column(
                "etat",
                _l("État"),
                lambda row: READER_WORDS[row.status],
                kind=Kind.STATE,
                tone=lambda row: _TONES[row.status],
            ),
            Column("demande", _l("Demandé"), lambda row: row.asked_at, kind=Kind.MOMENT, sort=Reader.asked_at),
            Column(
                "confirme",
                _l("Confirmé"),
                lambda row: row.confirmed_at,
                kind=Kind.MOMENT,
                sort=Reader.confirmed_at,
                on_phone=False,
            ),
            Column("parti", _l("Parti"), lambda row: row.left_at, kind=Kind.MOMENT, only_in_file=True),
        ),
        order=(Reader.asked_at.desc(), Reader.id.desc()),
        empty=_l("Qui demande la lettre paraît ici, et la reçoit une fois son adresse confirmée."),
        count_bound=10_000,
    )


def _themes(row: Reader) -> str:
    if row.all_themes:
        return str(_("tous"))
    return ", ".join(theme.name for theme in row.themes) or str(_("aucun"))
