"""Keeping the pages that were opened at Stripe."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db
from eventsapp.payments.models import CardSession
from eventsapp.payments.statuses import CardSessionStatus
from eventsapp.payments.values import CardPage


def remember_page(
    order_id: int, *, attempt: int, amount_cents: int, page: CardPage | None, expires_at: datetime, now: datetime
) -> None:
    """Keep the page opened under that attempt, or that Stripe refused to open one; twice is the same as once."""
    known = db.session.scalar(
        sa.select(CardSession).where(CardSession.order_id == order_id, CardSession.attempt == attempt)
    )
    if known is not None:
        return
    row = CardSession(
        order_id=order_id,
        attempt=attempt,
        session_id=page.session_id if page else None,
        url=page.url if page else "",
        amount_cents=amount_cents,
        status=CardSessionStatus.OPEN if page else CardSessionStatus.FAILED,
        opened_at=now,
        expires_at=page.expires_at if page else expires_at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same request, at the same moment, was first: Stripe gave both the same page.
        return


def mark_page(session_id: str, status: CardSessionStatus) -> None:
    """Keep what became of a page."""
    db.session.execute(sa.update(CardSession).where(CardSession.session_id == session_id).values(status=status))
