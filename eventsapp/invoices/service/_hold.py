"""Keeping what was issued for an order from others."""

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice


def hold_papers(order_id: int) -> None:
    """Keep invoices and credit notes of an order from others until the transaction ends, by key ("The order of locks").

    Whoever bills anew credits the last of them and writes what is told with it into earlier ones; whoever keeps the
    file of one writes into those that are told with it. Each would hold what the other wants.
    """
    db.session.execute(
        sa.select(Invoice.id).where(Invoice.order_id == order_id).order_by(Invoice.id).with_for_update()
    ).all()
