"""The office's lists of subscribers and of plans."""

from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, State
from eventsapp.orders.models import Order, OrderLine
from eventsapp.organisations.models import Organisation
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Audience, ContractStatus, Edition

#: Days before its end from which a subscription counts as ending soon.
SOON = 60
_WORDS = {
    ContractStatus.PENDING: _l("En attente"),
    ContractStatus.ACTIVE: _l("En cours"),
    ContractStatus.EXPIRED: _l("Terminé"),
    ContractStatus.CANCELLED: _l("Annulé"),
}
_SUSPENDED = _l("Suspendu")
_TONES = {ContractStatus.PENDING: "wait", ContractStatus.ACTIVE: "good"}
_EDITIONS = {Edition.PRINT: _l("Imprimé"), Edition.DIGITAL: _l("En ligne"), Edition.BOTH: _l("Imprimé et en ligne")}
_AUDIENCES = {Audience.INDIVIDUAL: _l("Individuel"), Audience.INSTITUTION: _l("Organisme")}


def contract_list(*, today: date) -> Listing:
    """Return the list of subscriptions."""
    active = Contract.status == ContractStatus.ACTIVE
    return Listing(
        name="abonnes",
        title=_l("Abonnés"),
        statement=sa.select(Contract)
        .join(Contract.plan)
        .outerjoin(Contract.organisation)
        .outerjoin(Contract.order_line)
        .outerjoin(OrderLine.order),
        loads=(
            contains_eager(Contract.plan),
            contains_eager(Contract.organisation),
            contains_eager(Contract.order_line).contains_eager(OrderLine.order),
        ),
        states=(
            State("en-cours", _l("En cours"), where=active),
            State(
                "bientot",
                _l("Bientôt finis"),
                where=sa.and_(active, Contract.ends_on <= today + timedelta(days=SOON)),
                order=(Contract.ends_on.asc(), Contract.id.asc()),
            ),
            State("attente", _l("En attente de règlement"), where=Contract.status == ContractStatus.PENDING),
            State(
                "finis",
                _l("Finis et annulés"),
                where=Contract.status.in_([ContractStatus.EXPIRED, ContractStatus.CANCELLED]),
            ),
        ),
        search=(Contract.email, Contract.delivery_name, Contract.delivery_city, Organisation.name, Order.reference),
        domains=(Contract.email,),
        search_hint=_l("Courriel, nom, organisme, commande"),
        filters=(
            Choice(
                name="edition",
                label=_l("Édition"),
                options={edition.value: label for edition, label in _EDITIONS.items()},
                where=lambda value: Plan.edition == Edition(value),
            ),
            Dates(name="fin", label=_l("Fin"), column=Contract.ends_on),
        ),
        columns=(
            Column(
                "abonne",
                _l("Abonné"),
                lambda row: row.organisation.name if row.organisation else row.delivery_name or row.email,
                second=lambda row: row.email,
                second_label=_l("Courriel"),
                sort=Contract.email,
                opens=True,
            ),
            Column(
                "formule",
                _l("Formule"),
                lambda row: row.plan.name,
                second=lambda row: _EDITIONS[row.plan.edition],
                second_label=_l("Édition"),
            ),
            Column("lecteurs", _l("Lecteurs"), lambda row: row.readers, kind=Kind.NUMBER, on_phone=False),
            Column(
                "etat",
                _l("État"),
                lambda row: _SUSPENDED if row.is_suspended else _WORDS[row.status],
                kind=Kind.STATE,
                tone=lambda row: _TONES.get(row.status),
            ),
            Column("debut", _l("Début"), lambda row: row.starts_on, kind=Kind.DATE, sort=Contract.starts_on),
            Column("fin", _l("Fin"), lambda row: row.ends_on, kind=Kind.DATE, sort=Contract.ends_on),
            Column("nom", _l("Nom de livraison"), lambda row: row.delivery_name, only_in_file=True),
            Column("adresse", _l("Adresse"), lambda row: row.delivery_address, only_in_file=True),
            Column("code-postal", _l("Code postal"), lambda row: row.delivery_postcode, only_in_file=True),
            Column("ville", _l("Ville"), lambda row: row.delivery_city, only_in_file=True),
        ),
        order=(Contract.created_at.desc(), Contract.id.desc()),
        empty=_l("Les abonnés paraîtront ici dès le premier."),
    )


def plan_list() -> Listing:
    """Return the list of plans, on offer or not."""
    return Listing(
        name="formules",
        title=_l("Formules d’abonnement"),
        statement=sa.select(Plan),
        states=(
            State("proposees", _l("Proposées"), where=Plan.published),
            State("retirees", _l("Retirées"), where=sa.not_(Plan.published)),
        ),
        columns=(
            Column(
                "formule",
                _l("Formule"),
                lambda plan: plan.name,
                opens=True,
                second=lambda plan: _AUDIENCES[plan.audience],
                second_label=_l("Pour"),
            ),
            Column("edition", _l("Édition"), lambda plan: _EDITIONS[plan.edition]),
            Column("mois", _l("Mois"), lambda plan: plan.months, kind=Kind.NUMBER, on_phone=False),
            Column("lecteurs", _l("Lecteurs"), lambda plan: plan.readers, kind=Kind.NUMBER, on_phone=False),
            Column("prix", _l("Prix TTC"), lambda plan: plan.price_cents, kind=Kind.MONEY),
        ),
        order=(Plan.position, Plan.id),
        empty=_l("Aucune formule : créez la première."),
    )
