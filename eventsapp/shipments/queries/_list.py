"""The office's lists of what goes out: numbers, who is to get one, who got it."""

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, defer

from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, Row, State
from eventsapp.magazine.models import Issue
from eventsapp.organisations.models import Organisation
from eventsapp.shipments.models import Shipment, ShipmentLabel
from eventsapp.shipments.queries._who import (
    ADDRESS,
    CITY,
    HAS_ADDRESS,
    NAME,
    POSTCODE,
    coming_address,
    entitled,
    joined,
)
from eventsapp.subscriptions.models import Contract, ContractAddress
from eventsapp.subscriptions.statuses import ContractStatus

#: What became of a label since it was frozen.
_SINCE = {
    "cancelled": _l("annulé depuis"),
    "suspended": _l("suspendu depuis"),
    "returned": _l("exemplaire revenu"),
    "moved": _l("adresse changée depuis"),
}
#: Why somebody who should get a number is left aside.
_ASIDE = {"returned": _l("exemplaire revenu"), "lacking": _l("adresse incomplète")}


def shipment_list() -> Listing:
    """Return the numbers of the magazine, each with its labels, its copies and when it was frozen first."""
    of_issue = ShipmentLabel.issue_id == Issue.id
    labels = sa.select(sa.func.count()).where(of_issue).correlate(Issue).scalar_subquery()
    copies = sa.select(sa.func.coalesce(sa.func.sum(ShipmentLabel.copies), 0)).where(of_issue).correlate(Issue)
    frozen = sa.select(sa.func.min(Shipment.frozen_at)).where(Shipment.issue_id == Issue.id).correlate(Issue)
    is_frozen = sa.exists().where(Shipment.issue_id == Issue.id)
    return Listing(
        name="envois",
        title=_l("Envois du magazine"),
        statement=sa.select(
            Issue,
            labels.label("labels"),
            copies.scalar_subquery().label("copies"),
            frozen.scalar_subquery().label("at"),
        ),
        loads=(defer(Issue.editorial, raiseload=True),),
        states=(
            State("tous", _l("Tous les numéros")),
            State("prets", _l("Étiquettes faites"), where=is_frozen),
            State("a-faire", _l("Étiquettes à faire"), where=~is_frozen),
        ),
        search=(Issue.title, sa.cast(Issue.number, sa.String())),
        search_hint=_l("Numéro ou titre"),
        filters=(Dates(name="parution", label=_l("Parution"), column=Issue.published_on),),
        columns=(
            Column(
                "numero",
                _l("Numéro"),
                lambda row: _("N° %(number)s", number=row[0].number),
                opens=True,
                sort=Issue.number,
                second=lambda row: row[0].title,
                second_label=_l("Titre"),
            ),
            Column("date", _l("Date"), lambda row: row[0].published_on, kind=Kind.DATE, sort=Issue.published_on),
            Column("etiquettes", _l("Étiquettes"), lambda row: row[1], kind=Kind.NUMBER),
            Column("exemplaires", _l("Exemplaires"), lambda row: row[2], kind=Kind.NUMBER, on_phone=False),
            Column("figees", _l("Figées le"), lambda row: row[3], kind=Kind.MOMENT, on_phone=False),
        ),
        order=(Issue.number.desc(),),
        empty=_l("Les numéros du magazine paraîtront ici, avec leurs étiquettes."),
    )


def waiting_list(issue: Issue, *, on: date) -> Listing:
    """Return who is to get the number and has no label of it yet: a row is a contract, its address of that day."""
    returned = Contract.undelivered_on.is_not(None)
    ready = sa.and_(HAS_ADDRESS, sa.not_(returned))
    why = sa.case((returned, "returned"), (sa.not_(HAS_ADDRESS), "lacking"), else_="")
    return Listing(
        name=f"a-envoyer-{issue.number}",
        title=_l("À envoyer"),
        statement=joined(sa.select(Contract, NAME, ADDRESS, POSTCODE, CITY, why.label("why")), on=on).where(
            entitled(issue, on=on)
        ),
        loads=(contains_eager(Contract.plan), contains_eager(Contract.organisation)),
        states=(
            State("prets", _l("Prêts"), where=ready),
            State("de-cote", _l("Laissés de côté"), where=sa.not_(ready)),
        ),
        search=(Contract.email, NAME, CITY, POSTCODE, Organisation.name),
        domains=(Contract.email,),
        search_hint=_l("Nom, organisme, ville, code postal"),
        columns=(
            Column(
                "destinataire",
                _l("Destinataire"),
                lambda row: row[1] or row[0].email,
                opens=True,
                sort=NAME,
                second=_body,
                second_label=_l("Organisme"),
            ),
            Column("adresse", _l("Adresse"), lambda row: row[2], second=_town, on_phone=False),
            Column("code-postal", _l("Code postal"), lambda row: row[3], sort=POSTCODE, only_in_file=True),
            Column("ville", _l("Ville"), lambda row: row[4], only_in_file=True),
            Column("exemplaires", _l("Exemplaires"), lambda row: row[0].copies, kind=Kind.NUMBER),
            Column(
                "motif",
                _l("De côté"),
                lambda row: _ASIDE.get(row[5], ""),
                kind=Kind.STATE,
                tone=lambda row: "wait" if row[5] else None,
            ),
            Column("fin", _l("Fin"), lambda row: row[0].ends_on, kind=Kind.DATE, on_phone=False),
            Column("restent", _l("Numéros dus"), lambda row: row[0].issues_left, kind=Kind.NUMBER, only_in_file=True),
        ),
        order=(POSTCODE, NAME, Contract.id),
        empty=_l("Personne ne reçoit ce numéro sur papier, ou toutes les étiquettes sont faites."),
    )


def label_list(issue: Issue, *, on: date, ranks: int) -> Listing:
    """Return the labels of the number as they were frozen, and what became of each since."""
    moved = sa.or_(
        ShipmentLabel.name != NAME,
        ShipmentLabel.address != ADDRESS,
        ShipmentLabel.postcode != POSTCODE,
        ShipmentLabel.city != CITY,
    )
    since = sa.case(
        (Contract.status == ContractStatus.CANCELLED, "cancelled"),
        (Contract.status == ContractStatus.PENDING, "suspended"),
        (Contract.undelivered_on.is_not(None), "returned"),
        (moved, "moved"),
        else_="",
    )
    return Listing(
        name=f"etiquettes-{issue.number}",
        title=_l("Étiquettes"),
        statement=(
            sa.select(ShipmentLabel, Shipment.rank, since.label("since"))
            .select_from(ShipmentLabel)
            .join(ShipmentLabel.shipment)
            .join(ShipmentLabel.contract)
            .outerjoin_from(ShipmentLabel, ContractAddress, coming_address(on))
            .where(ShipmentLabel.issue_id == issue.id)
        ),
        states=(
            State("toutes", _l("Figées")),
            State("changees", _l("Changées depuis"), where=since != ""),
        ),
        search=(
            ShipmentLabel.name,
            ShipmentLabel.organisation,
            ShipmentLabel.city,
            ShipmentLabel.postcode,
            Contract.email,
        ),
        domains=(Contract.email,),
        search_hint=_l("Nom, organisme, ville, code postal"),
        filters=(
            (
                Choice(
                    name="envoi",
                    label=_l("Envoi"),
                    options={str(rank): str(rank) for rank in range(1, ranks + 1)},
                    where=lambda value: Shipment.rank == int(value),
                ),
            )
            if ranks > 1
            else ()
        ),
        columns=(
            Column(
                "destinataire",
                _l("Destinataire"),
                lambda row: row[0].name,
                opens=True,
                sort=ShipmentLabel.name,
                second=lambda row: row[0].organisation if row[0].organisation != row[0].name else None,
                second_label=_l("Organisme"),
            ),
            Column("adresse", _l("Adresse"), lambda row: row[0].address, second=_frozen_town, on_phone=False),
            Column("code-postal", _l("Code postal"), lambda row: row[0].postcode, only_in_file=True),
            Column("ville", _l("Ville"), lambda row: row[0].city, only_in_file=True),
            *(
                Column(f"ligne-{number}", _l("Ligne %(number)s", number=number), _line_of(number), only_in_file=True)
                for number in range(1, 7)
            ),
            Column("exemplaires", _l("Exemplaires"), lambda row: row[0].copies, kind=Kind.NUMBER),
            Column("envoi", _l("Envoi"), lambda row: row[1], kind=Kind.NUMBER, on_phone=False),
            Column(
                "depuis",
                _l("Depuis"),
                lambda row: _SINCE.get(row[2]) or ("" if row[0].written.fits else _l("adresse trop longue")),
                kind=Kind.STATE,
                tone=lambda row: "wait" if row[2] or not row[0].written.fits else None,
            ),
        ),
        order=(ShipmentLabel.postcode, ShipmentLabel.name, ShipmentLabel.id),
        empty=_l("Les étiquettes paraîtront ici, figées."),
    )


def _body(row: Row) -> str | None:
    """Return the organisation, where paper does not go to it by its own name."""
    organisation = row[0].organisation
    return organisation.name if organisation and organisation.name != row[1] else None


def _town(row: Row) -> str:
    return f"{row[3]} {row[4]}".strip()


def _frozen_town(row: Row) -> str:
    return f"{row[0].postcode} {row[0].city}"


def _line_of(number: int) -> Callable[[Row], str]:
    """Return what reads that line (from 1) of a label; the last one is the sixth."""

    def line(row: Row) -> str:
        *lines, last = row[0].written.lines
        return last if number == 6 else lines[number - 1] if number <= len(lines) else ""

    return line
