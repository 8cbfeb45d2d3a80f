"""The office's list of those who wait for seats of a day."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import aliased

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Kind, Listing, State
from eventsapp.study_days.models import Rate
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import LIVE, EntryStatus

STATUS_WORDS: Mapping[EntryStatus, str] = {
    EntryStatus.WAITING: _l("Attend"),
    EntryStatus.OFFERED: _l("Place proposée"),
    EntryStatus.ACCEPTED: _l("A accepté"),
    EntryStatus.DECLINED: _l("A décliné"),
    EntryStatus.LAPSED: _l("Sans réponse"),
    EntryStatus.LEFT: _l("A quitté la liste"),
    EntryStatus.REMOVED: _l("Retiré"),
    EntryStatus.DISSOLVED: _l("Liste close"),
}
STATUS_TONES: Mapping[EntryStatus, str] = {
    EntryStatus.WAITING: "told",
    EntryStatus.OFFERED: "wait",
    EntryStatus.ACCEPTED: "good",
    EntryStatus.DECLINED: "bad",
    EntryStatus.LAPSED: "bad",
}


def time_left(until: datetime, *, now: datetime) -> str:
    """Return how long an offer still runs, in words: « encore 26 h », « encore 40 min »."""
    minutes = int((until - now).total_seconds()) // 60
    if minutes <= 0:
        return str(_("délai passé"))
    if minutes < 120:
        return str(_("encore %(count)s min", count=minutes))
    return str(_("encore %(count)s h", count=minutes // 60))


def entry_list(*, study_day_id: int, now: datetime) -> Listing:
    """Describe the list of a day: in its order, with open offers and how long they run."""
    before = aliased(WaitingEntry)
    position = (
        sa.select(sa.func.count() + 1)
        .where(
            before.study_day_id == WaitingEntry.study_day_id,
            before.status == EntryStatus.WAITING,
            sa.tuple_(before.rank, before.id) < sa.tuple_(WaitingEntry.rank, WaitingEntry.id),
        )
        .correlate(WaitingEntry)
        .scalar_subquery()
    )
    latest_first = (WaitingEntry.ended_at.desc(), WaitingEntry.id.desc())
    return Listing(
        name="liste-d-attente",
        title=_l("Liste d’attente"),
        statement=sa.select(WaitingEntry, WaitingOffer.expires_at.label("until"), position.label("position"))
        .outerjoin(WaitingOffer, sa.and_(WaitingOffer.entry_id == WaitingEntry.id, WaitingOffer.outcome.is_(None)))
        .where(WaitingEntry.study_day_id == study_day_id),
        states=(
            State("sur-la-liste", _l("Sur la liste"), WaitingEntry.status.in_(LIVE)),
            State("proposees", _l("Proposées"), WaitingEntry.status == EntryStatus.OFFERED),
            State("acceptees", _l("Acceptées"), WaitingEntry.status == EntryStatus.ACCEPTED, latest_first),
            State(
                "declinees",
                _l("Déclinées ou sans réponse"),
                WaitingEntry.status.in_([EntryStatus.DECLINED, EntryStatus.LAPSED]),
                latest_first,
            ),
            State("toutes", _l("Toutes")),
        ),
        search=(WaitingEntry.last_name, WaitingEntry.first_name, WaitingEntry.organisation, WaitingEntry.email),
        domains=(WaitingEntry.email,),
        search_hint=_l("Nom, organisme, courriel"),
        columns=(
            Column(
                "groupe",
                _l("Groupe"),
                lambda row: row.WaitingEntry.organisation or row.WaitingEntry.name,
                opens=True,
                second=lambda row: row.WaitingEntry.name if row.WaitingEntry.organisation else "",
                second_label=_l("Contact"),
            ),
            Column("rang", _l("Rang"), _rank, kind=Kind.NUMBER),
            Column("places", _l("Places"), lambda row: row.WaitingEntry.seats, kind=Kind.NUMBER),
            Column(
                "etat",
                _l("État"),
                lambda row: STATUS_WORDS[row.WaitingEntry.status],
                kind=Kind.STATE,
                tone=lambda row: STATUS_TONES.get(row.WaitingEntry.status),
                second=lambda row: time_left(row.until, now=now) if row.until else "",
                second_label=_l("Délai"),
            ),
            Column("depuis", _l("Depuis"), lambda row: row.WaitingEntry.joined_at, kind=Kind.MOMENT, on_phone=False),
            Column("courriel", _l("Courriel"), lambda row: row.WaitingEntry.email, only_in_file=True),
            Column("telephone", _l("Téléphone"), lambda row: row.WaitingEntry.phone, only_in_file=True),
            Column("tarif", _l("Tarif souhaité"), lambda row: row.WaitingEntry.rate_code, only_in_file=True),
        ),
        order=(WaitingEntry.rank, WaitingEntry.id),
        empty=_l("Personne n’attend. Quand la journée est complète, sa page propose de s’inscrire ici."),
    )


def live_list(*, study_day_id: int, state: State) -> Listing:
    """Describe who waits for a day with the columns of its registrations, for their list's tab ``state``."""
    return Listing(
        name="liste-d-attente",
        title=_l("Liste d’attente"),
        statement=sa.select(WaitingEntry, Rate.name.label("rate"), Rate.price_cents.label("price"))
        .outerjoin(Rate, sa.and_(Rate.study_day_id == WaitingEntry.study_day_id, Rate.code == WaitingEntry.rate_code))
        .where(WaitingEntry.study_day_id == study_day_id, WaitingEntry.status.in_(LIVE)),
        states=(state,),
        search=(WaitingEntry.last_name, WaitingEntry.first_name, WaitingEntry.organisation, WaitingEntry.email),
        domains=(WaitingEntry.email,),
        search_hint=_l("Nom, organisme, courriel"),
        columns=(
            Column(
                "participant",
                _l("Participant"),
                lambda row: row.WaitingEntry.name,
                opens=True,
                sort=WaitingEntry.last_name,
                second=lambda row: row.WaitingEntry.organisation,
                second_label=_l("Organisme"),
            ),
            Column("tarif", _l("Tarif"), lambda row: row.rate, on_phone=False),
            Column(
                "place",
                _l("Place"),
                lambda row: STATUS_WORDS[row.WaitingEntry.status],
                kind=Kind.STATE,
                tone=lambda row: STATUS_TONES.get(row.WaitingEntry.status),
                second=lambda row: ngettext("%(num)d place", "%(num)d places", row.WaitingEntry.seats),
                second_label=_l("Places"),
            ),
            Column("montant", _l("Montant"), lambda row: row.price, kind=Kind.MONEY),
            Column(
                "recue",
                _l("Reçue"),
                lambda row: row.WaitingEntry.joined_at,
                kind=Kind.MOMENT,
                sort=WaitingEntry.joined_at,
            ),
            Column("courriel", _l("Courriel"), lambda row: row.WaitingEntry.email, only_in_file=True),
        ),
        order=(WaitingEntry.rank, WaitingEntry.id),
        columns_chosen=True,
        empty=_l("Personne n’attend."),
    )


def live_count(study_day_id: int) -> int:
    """Return how many groups are on the list of a day."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(WaitingEntry.id)).where(
                WaitingEntry.study_day_id == study_day_id, WaitingEntry.status.in_(LIVE)
            )
        )
        or 0
    )


def _rank(row: sa.Row[tuple[WaitingEntry, datetime | None, int]]) -> int | None:
    waits: bool = row.WaitingEntry.status is EntryStatus.WAITING
    return int(row.position) if waits else None
