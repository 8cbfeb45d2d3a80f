"""The office's lists of subscribers and of plans."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, Row, State
from eventsapp.orders.models import Order, OrderLine
from eventsapp.organisations.models import Organisation
from eventsapp.subscriptions.models import Contract, ContractSeat, Gift, Member, Plan
from eventsapp.subscriptions.statuses import Audience, ContractKind, ContractStatus, Edition, GiftState

#: Days before its end from which a subscription counts as ending soon.
SOON = 60
STATUS_WORDS = {
    ContractStatus.PENDING: _l("En attente"),
    ContractStatus.ACTIVE: _l("En cours"),
    ContractStatus.EXPIRED: _l("Terminé"),
    ContractStatus.CANCELLED: _l("Annulé"),
}
_SUSPENDED = _l("Suspendu")
_TO_COME = _l("À venir")
KIND_WORDS = {
    ContractKind.PAID: _l("Payé"),
    ContractKind.GIFT: _l("Offert"),
    ContractKind.COMPLIMENTARY: _l("Gratuit"),
    ContractKind.TRIAL: _l("À l’essai"),
}
GIFT_WORDS = {
    GiftState.AWAITING_MONEY: _l("attend son règlement"),
    GiftState.SCHEDULED: _l("à annoncer"),
    GiftState.OFFERED: _l("à accepter"),
    GiftState.ACCEPTED: _l("accepté"),
    GiftState.WITHDRAWN: _l("retiré"),
}
_TONES = {ContractStatus.PENDING: "wait", ContractStatus.ACTIVE: "good"}
_EDITIONS = {Edition.PRINT: _l("Imprimé"), Edition.DIGITAL: _l("En ligne"), Edition.BOTH: _l("Imprimé et en ligne")}
_AUDIENCES = {Audience.INDIVIDUAL: _l("Individuel"), Audience.INSTITUTION: _l("Organisme")}

#: The addresses of those who have a seat of an institution's contract, in one text.
_READERS = sa.case(
    (
        Contract.readership_id.is_not(None),
        sa.select(sa.func.aggregate_strings(Member.email, " "))
        .join(ContractSeat, ContractSeat.member_id == Member.id)
        .where(ContractSeat.contract_id == Contract.id, Member.removed_at.is_(None))
        .correlate(Contract)
        .scalar_subquery(),
    )
)


def contract_list(*, today: date) -> Listing:
    """Return the list of subscriptions: a row is a contract and, for one that is a gift, the gift."""
    both: list[Any] = [Contract, Gift]
    active = Contract.status == ContractStatus.ACTIVE
    running = sa.and_(active, Contract.starts_on <= today)
    waiting = Contract.status == ContractStatus.PENDING
    unaccepted = sa.and_(waiting, Gift.ready_at.is_not(None))
    # Tabs and filters ask of the plan and of the gift; whose it is is only shown.
    counting: sa.Select[Any] = (
        sa.select(*both).select_from(Contract).join(Contract.plan).outerjoin(Gift, Gift.contract_id == Contract.id)
    )
    return Listing(
        name="abonnes",
        title=_l("Abonnés"),
        statement=(
            sa.select(*both)
            .select_from(Contract)
            .join(Contract.plan)
            .outerjoin(Gift, Gift.contract_id == Contract.id)
            .outerjoin(Contract.organisation)
            .outerjoin(Contract.order_line)
            .outerjoin(OrderLine.order)
        ),
        loads=(
            contains_eager(Contract.plan),
            contains_eager(Contract.organisation),
            contains_eager(Contract.order_line).contains_eager(OrderLine.order),
            contains_eager(Gift.contract),
        ),
        states=(
            State("en-cours", _l("En cours"), where=running),
            State(
                "bientot",
                _l("Bientôt finis"),
                where=sa.and_(running, Contract.ends_on <= today + timedelta(days=SOON)),
                order=(Contract.ends_on.asc(), Contract.id.asc()),
            ),
            State(
                "a-venir",
                _l("À venir"),
                where=sa.and_(active, Contract.starts_on > today),
                order=(Contract.starts_on.asc(), Contract.id.asc()),
            ),
            State("attente", _l("En attente de règlement"), where=sa.and_(waiting, Gift.ready_at.is_(None))),
            State("cadeaux", _l("Cadeaux à accepter"), where=unaccepted),
            State(
                "revenus",
                _l("Exemplaires revenus"),
                where=sa.and_(Contract.undelivered_on.is_not(None), Contract.status != ContractStatus.CANCELLED),
                order=(Contract.undelivered_on.asc(), Contract.id.asc()),
            ),
            State(
                "finis",
                _l("Finis et annulés"),
                where=Contract.status.in_([ContractStatus.EXPIRED, ContractStatus.CANCELLED]),
            ),
        ),
        search=(
            Contract.email,
            Contract.delivery_name,
            Contract.delivery_city,
            Organisation.name,
            Order.reference,
            Gift.recipient_name,
            Gift.recipient_email,
            _READERS,
        ),
        domains=(Contract.email,),
        counting=counting,
        search_hint=_l("Courriel, lecteur, nom, organisme, commande"),
        filters=(
            Choice(
                name="nature",
                label=_l("Nature"),
                options={kind.value: label for kind, label in KIND_WORDS.items()},
                where=lambda value: Contract.kind == ContractKind(value),
            ),
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
                _who,
                second=lambda row: row.Contract.email,
                second_label=_l("Courriel"),
                sort=Contract.email,
                opens=True,
            ),
            Column(
                "formule",
                _l("Formule"),
                lambda row: row.Contract.plan.name,
                second=lambda row: _EDITIONS[row.Contract.plan.edition],
                second_label=_l("Édition"),
            ),
            Column("lecteurs", _l("Lecteurs"), lambda row: row.Contract.readers, kind=Kind.NUMBER, only_in_file=True),
            Column(
                "nature",
                _l("Nature"),
                lambda row: KIND_WORDS[row.Contract.kind],
                second=_particulars,
                second_label=_l("Précision"),
            ),
            Column(
                "etat",
                _l("État"),
                lambda row: state_words(row.Contract, today=today),
                kind=Kind.STATE,
                tone=lambda row: "wait" if _is_to_come(row.Contract, today) else _TONES.get(row.Contract.status),
            ),
            Column("debut", _l("Début"), lambda row: row.Contract.starts_on, kind=Kind.DATE, sort=Contract.starts_on),
            Column("fin", _l("Fin"), lambda row: row.Contract.ends_on, kind=Kind.DATE, sort=Contract.ends_on),
            Column("nom", _l("Nom de livraison"), lambda row: row.Contract.delivery_name, only_in_file=True),
            Column("adresse", _l("Adresse"), lambda row: row.Contract.delivery_address, only_in_file=True),
            Column("code-postal", _l("Code postal"), lambda row: row.Contract.delivery_postcode, only_in_file=True),
            Column("ville", _l("Ville"), lambda row: row.Contract.delivery_city, only_in_file=True),
            Column(
                "exemplaires",
                _l("Exemplaires"),
                lambda row: row.Contract.copies,
                kind=Kind.NUMBER,
                only_in_file=True,
            ),
            Column(
                "revenu", _l("Revenu le"), lambda row: row.Contract.undelivered_on, kind=Kind.DATE, only_in_file=True
            ),
            Column(
                "rappels",
                _l("Rappels"),
                lambda row: _l("oui") if row.Contract.reminders else _l("non"),
                only_in_file=True,
            ),
            Column("motif", _l("Motif"), lambda row: row.Contract.reason, only_in_file=True),
        ),
        order=(Contract.created_at.desc(), Contract.id.desc()),
        empty=_l("Les abonnés paraîtront ici dès le premier."),
    )


def state_words(contract: Contract, *, today: date) -> str:
    """Return where a contract stands, in words: one that is paid and begins on a day to come does not run yet."""
    if contract.is_suspended:
        return str(_SUSPENDED)
    return str(_TO_COME if _is_to_come(contract, today) else STATUS_WORDS[contract.status])


def _is_to_come(contract: Contract, today: date) -> bool:
    return contract.status is ContractStatus.ACTIVE and contract.starts_on is not None and contract.starts_on > today


def _who(row: Row) -> str:
    """Return who reads: the organisation, the person, or to whom a gift is offered."""
    contract: Contract = row.Contract
    if contract.organisation:
        return contract.organisation.name
    offered_to = row.Gift.recipient_name if row.Gift else ""
    return contract.delivery_name or contract.email or offered_to


def _particulars(row: Row) -> str | None:
    """Return where a gift stands, or that it is a renewal."""
    if row.Gift:
        return str(GIFT_WORDS[row.Gift.state])
    return str(_l("renouvellement")) if row.Contract.renews_id else None


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
