"""Reading which reminders are due and which were sent."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from eventsapp.core.db import db
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import CardAgreement, Contract, ContractReminder
from eventsapp.subscriptions.statuses import AgreementState, ContractStatus, ReminderKind

REMINDER_WORDS = {
    ReminderKind.BEFORE_60: _l("60 jours avant la fin"),
    ReminderKind.BEFORE_30: _l("30 jours avant la fin"),
    ReminderKind.BEFORE_7: _l("7 jours avant la fin"),
    ReminderKind.AFTER_7: _l("7 jours après la fin"),
    ReminderKind.AFTER_30: _l("30 jours après la fin"),
}


def remindable(*, today: date, only: int | None = None) -> Sequence[tuple[int, ReminderKind]]:
    """Return key and kind of every reminder that is due today and was not sent, the earliest end first.

    A subscription that is ordered anew, that a card renews, cancelled, of a trial order, or whose reminders are off has
    none.
    """
    rows = db.session.execute(
        sa.union_all(*(_due(kind, window, today=today, only=only) for kind, window in rules.WINDOWS.items()))
    ).all()
    due = [
        (row.ends_on, row.id, kind)
        for row in rows
        if (kind := rules.reminder_due(starts_on=row.starts_on, ends_on=row.ends_on, today=today)) is not None
    ]
    return [(key, kind) for _ends_on, key, kind in sorted(due, key=lambda row: row[:2])]


def reminders_of(contract_id: int) -> Sequence[ContractReminder]:
    """Return the reminders that a contract's reader was sent, the newest first."""
    return db.session.scalars(
        sa.select(ContractReminder)
        .where(ContractReminder.contract_id == contract_id)
        .order_by(ContractReminder.sent_at.desc(), ContractReminder.id.desc())
    ).all()


def _due(
    kind: ReminderKind, window: rules.ReminderWindow, *, today: date, only: int | None
) -> sa.Select[int, date | None, date | None]:
    renewal = aliased(Contract)
    asked = sa.select(Contract.id, Contract.starts_on, Contract.ends_on).where(
        Contract.status.in_([ContractStatus.ACTIVE, ContractStatus.EXPIRED]),
        Contract.reminders,
        sa.not_(Contract.is_test),
        Contract.ends_on <= today - timedelta(days=window.first),
        Contract.ends_on > today - timedelta(days=window.end),
        ~sa.exists().where(renewal.renews_id == Contract.id, renewal.status != ContractStatus.CANCELLED),
        ~sa.exists().where(CardAgreement.contract_id == Contract.id, CardAgreement.state == AgreementState.ACTIVE),
        ~sa.exists().where(
            ContractReminder.contract_id == Contract.id,
            ContractReminder.kind == kind,
            ContractReminder.ends_on == Contract.ends_on,
        ),
    )
    return asked if only is None else asked.where(Contract.id == only)
