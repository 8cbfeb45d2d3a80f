"""The office's lists of a day: who came, and what happened at its doors."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.attendance.models import Certificate, CheckIn, Presence
from eventsapp.attendance.queries._counts import is_conflict
from eventsapp.attendance.queries._tickets import BY_NAME
from eventsapp.attendance.statuses import CheckInKind, Outcome
from eventsapp.attendance.values import HalfDay
from eventsapp.core.listing import Column, Kind, Listing, State
from eventsapp.orders.models import Order, OrderLine
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus

_PLACES = {
    RegistrationStatus.CONFIRMED: _l("Attendue"),
    RegistrationStatus.ATTENDED: _l("Présente"),
    RegistrationStatus.ABSENT: _l("Absente"),
}
_PLACE_TONES = {
    RegistrationStatus.CONFIRMED: "wait",
    RegistrationStatus.ATTENDED: "good",
    RegistrationStatus.ABSENT: "bad",
}
OUTCOME_WORDS = {
    Outcome.ADMITTED: _l("Entrée"),
    Outcome.ALREADY: _l("Déjà entrée"),
    Outcome.RETIRED: _l("Billet remplacé"),
    Outcome.CANCELLED: _l("Place annulée"),
    Outcome.HELD: _l("Place non réglée"),
    Outcome.UNDONE: _l("Entrée annulée"),
}
OUTCOME_TONES = {
    Outcome.ADMITTED: "good",
    Outcome.ALREADY: "bad",
    Outcome.RETIRED: "bad",
    Outcome.CANCELLED: "bad",
    Outcome.HELD: "bad",
}


def presence_list(*, study_day_id: int, half_days: Sequence[HalfDay], zone: tzinfo | None) -> Listing:
    """Return who is expected at a day and who came, with one column for each of its ``half_days``; by the clock there,
    in ``zone``.
    """
    several = len({half.on for half in half_days}) > 1
    live = (CheckIn.outcome == Outcome.ADMITTED, CheckIn.undone_at.is_(None), CheckIn.kind == CheckInKind.IN)
    # Of several dates the first.
    first = (
        sa.select(CheckIn.registration_id, sa.func.min(CheckIn.held_on).label("held_on"))
        .where(CheckIn.study_day_id == study_day_id, *live)
        .group_by(CheckIn.registration_id)
        .subquery()
    )
    admission = sa.and_(CheckIn.registration_id == first.c.registration_id, CheckIn.held_on == first.c.held_on, *live)
    selected: list[Any] = [Registration, CheckIn.at, CheckIn.device, *(_fact(half) for half in half_days), _in_doubt()]
    statement = (
        sa.select(*selected)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .outerjoin(first, first.c.registration_id == Registration.id)
        .outerjoin(CheckIn, admission)
        .where(Registration.study_day_id == study_day_id, Registration.status.in_(CONFIRMED))
    )
    return Listing(
        name="presences",
        title=_l("Présences"),
        statement=statement,
        loads=(
            contains_eager(Registration.order_line).contains_eager(OrderLine.order),
            joinedload(Registration.rate),
        ),
        states=(
            State("toutes", _l("Toutes")),
            State("presentes", _l("Présentes"), where=Registration.status == RegistrationStatus.ATTENDED),
            State("attendues", _l("Attendues"), where=Registration.status == RegistrationStatus.CONFIRMED),
            State("absentes", _l("Absentes"), where=Registration.status == RegistrationStatus.ABSENT),
        ),
        search=(
            Registration.first_name,
            Registration.last_name,
            Registration.email,
            Order.billing_name,
            Order.reference,
        ),
        domains=(Registration.email,),
        search_hint=_l("Nom, courriel, organisme, commande"),
        columns=(
            Column(
                "participant",
                _l("Participant"),
                lambda row: row[0].name,
                opens=True,
                sort=Registration.last_name,
                second=lambda row: row[0].order_line.order.billed_to,
                second_label=_l("Organisme"),
            ),
            Column("tarif", _l("Tarif"), lambda row: row[0].rate.local_name, on_phone=False),
            Column(
                "place",
                _l("Place"),
                lambda row: _PLACES[row[0].status],
                kind=Kind.STATE,
                tone=lambda row: _PLACE_TONES[row[0].status],
                second=lambda row: str(_("attestation à vérifier")) if row[-1] else "",
                second_label=_l("Attestation"),
            ),
            Column(
                "arrivee",
                _l("Arrivée"),
                lambda row: row[1] and row[1].astimezone(zone),
                kind=Kind.MOMENT,
                sort=CheckIn.at,
            ),
            Column("accueil", _l("Accueil"), lambda row: row[2] or "", on_phone=False, sort=CheckIn.device),
            *(_half_day_column(half, at=3 + index, dated=several) for index, half in enumerate(half_days)),
            Column("courriel", _l("Courriel"), lambda row: row[0].email, only_in_file=True),
            Column("fonction", _l("Fonction"), lambda row: row[0].job_title, only_in_file=True),
            Column("commande", _l("Commande"), lambda row: row[0].order_line.order.reference, only_in_file=True),
        ),
        order=BY_NAME,
        empty=_l("Aucune inscription."),
    )


def check_in_list(*, study_day_id: int, zone: tzinfo | None) -> Listing:
    """Return everything that happened at the doors of a day, what somebody should look at under a tab of its own; by
    the clock there, in ``zone``.
    """
    return Listing(
        name="accueil",
        title=_l("Passages à l’accueil"),
        statement=sa.select(CheckIn)
        .join(CheckIn.registration)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .where(CheckIn.study_day_id == study_day_id),
        loads=(
            contains_eager(CheckIn.registration)
            .contains_eager(Registration.order_line)
            .contains_eager(OrderLine.order),
            joinedload(CheckIn.first),
            joinedload(CheckIn.against),
        ),
        states=(
            State("conflits", _l("À regarder"), where=is_conflict()),
            State("entrees", _l("Entrées"), where=CheckIn.outcome == Outcome.ADMITTED),
            State("annulees", _l("Entrées annulées"), where=CheckIn.outcome == Outcome.UNDONE),
            State("tous", _l("Tous")),
        ),
        search=(Registration.first_name, Registration.last_name, Order.billing_name, Order.reference, CheckIn.device),
        search_hint=_l("Nom, organisme, accueil"),
        columns=(
            Column("heure", _l("Heure"), lambda row: row.at.astimezone(zone), kind=Kind.MOMENT, sort=CheckIn.at),
            Column(
                "participant",
                _l("Participant"),
                lambda row: row.registration.name,
                sort=Registration.last_name,
                second=lambda row: row.registration.order_line.order.billed_to,
                second_label=_l("Organisme"),
            ),
            Column(
                "suite",
                _l("Suite"),
                lambda row: OUTCOME_WORDS[row.outcome],
                kind=Kind.STATE,
                tone=lambda row: OUTCOME_TONES.get(row.outcome),
                second=_told,
                second_label=_l("Précision"),
            ),
            Column(
                "accueil",
                _l("Accueil"),
                lambda row: row.device,
                sort=CheckIn.device,
                second=lambda row: row.by_label,
                second_label=_l("Par"),
            ),
            Column("recu", _l("Reçu"), lambda row: row.received_at.astimezone(zone), kind=Kind.MOMENT, on_phone=False),
        ),
        order=(CheckIn.at.desc(), CheckIn.id.desc()),
        empty=_l("Rien à l’accueil pour l’instant."),
    )


def _told(row: CheckIn) -> str:
    """Return what explains an outcome: where the ticket had been shown, whose it is now, what the sheet says
    against it, that a phone was offline.
    """
    if row.outcome is Outcome.ALREADY and row.first is not None:
        where = row.first.device or row.first.by_label
        told = _("d’abord à %(where)s", where=where)
    elif row.against is not None and row.undone_at is None:
        told = _("notée absente sur la feuille")
    else:
        told = row.reason
    offline = _("envoyé après coup") if row.was_offline else ""
    return " · ".join(part for part in (told, offline) if part)


def _in_doubt() -> sa.ColumnElement[bool]:
    """Return what says of a seat that a certificate of it counts though it is not noted as present."""
    standing = sa.exists().where(Certificate.registration_id == Registration.id, Certificate.revoked_at.is_(None))
    return sa.and_(Registration.status != RegistrationStatus.ATTENDED, standing.correlate(Registration))


def _fact(half: HalfDay) -> sa.ScalarSelect[bool]:
    return (
        sa.select(Presence.present)
        .where(Presence.registration_id == Registration.id, Presence.held_on == half.on, Presence.part == half.part)
        .correlate(Registration)
        .scalar_subquery()
    )


def _half_day_column(half: HalfDay, *, at: int, dated: bool) -> Column:
    label = f"{half.label} {half.on:%d/%m}" if dated else half.label

    def value(row: Any) -> str:
        known = row[at]
        return "" if known is None else (str(_("oui")) if known else str(_("non")))

    return Column(half.key, label, value, on_phone=False)
