"""Reading where paper goes, went, and will go."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.subscriptions.models import Contract, ContractAddress, Plan
from eventsapp.subscriptions.statuses import ContractStatus, Edition, UndeliveredReason

REASON_WORDS = {
    UndeliveredReason.UNKNOWN: _l("Destinataire inconnu à l’adresse"),
    UndeliveredReason.ADDRESS: _l("Défaut d’accès ou d’adressage"),
    UndeliveredReason.UNCLAIMED: _l("Pli avisé et non réclamé"),
    UndeliveredReason.REFUSED: _l("Pli refusé par le destinataire"),
}


def addresses_of(contract_id: int) -> Sequence[ContractAddress]:
    """Return the addresses of a contract that ever changed, who wrote each loaded, the farthest ahead first."""
    return db.session.scalars(
        sa.select(ContractAddress)
        .where(ContractAddress.contract_id == contract_id)
        .options(joinedload(ContractAddress.written_by))
        .order_by(ContractAddress.from_on.desc(), ContractAddress.id.desc())
    ).all()


def addresses_due(*, today: date, most: int = 500) -> Sequence[int]:
    """Return the contracts that have an address whose day has come and that does not count yet, by key."""
    return db.session.scalars(
        sa.select(ContractAddress.contract_id)
        .where(ContractAddress.applied_at.is_(None), ContractAddress.from_on <= today)
        .distinct()
        .order_by(ContractAddress.contract_id)
        .limit(most)
    ).all()


def on_paper_after(contract_id: int) -> Contract | None:
    """Return the renewal of a contract that has begun or waits for its money and sends paper, plan loaded."""
    return db.session.scalar(
        sa.select(Contract)
        .join(Contract.plan)
        .where(
            Contract.renews_id == contract_id,
            Contract.status.in_((ContractStatus.PENDING, ContractStatus.ACTIVE)),
            Plan.edition != Edition.DIGITAL,
        )
        .options(joinedload(Contract.plan))
        .order_by(Contract.starts_on.is_(None), Contract.id)
        .limit(1)
    )
