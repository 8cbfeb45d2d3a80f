"""The next number of a series."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db
from eventsapp.invoices.models import NumberSeries
from eventsapp.invoices.statuses import DocumentKind


def next_rank(kind: DocumentKind, *, year: int, is_test: bool) -> int:
    """Return the next rank of the series and keep its row locked: whoever comes next waits for this transaction.

    A transaction that is given up gives its rank back, so the series has no gap (a database sequence would leave one).
    """
    rank = _advance(kind, year, is_test)
    if rank is None:
        try:
            with db.session.begin_nested():
                db.session.add(NumberSeries(kind=kind, year=year, is_test=is_test, last=0))
        except IntegrityError:
            # Somebody else began the year at the same moment.
            pass
        rank = _advance(kind, year, is_test)
    if rank is None:
        message = f"the series {kind} of {year} cannot be begun"
        raise RuntimeError(message)
    return rank


def _advance(kind: DocumentKind, year: int, is_test: bool) -> int | None:
    return db.session.scalar(
        sa.update(NumberSeries)
        .where(NumberSeries.kind == kind, NumberSeries.year == year, NumberSeries.is_test == is_test)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    )
