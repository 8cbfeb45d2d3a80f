"""The next number of a series."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db
from eventsapp.invoices.models import NumberSeries
from eventsapp.invoices.statuses import DocumentKind


def next_rank(kind: DocumentKind, *, on: date, is_test: bool) -> tuple[int, date]:
    """Return the next rank of the series of that year and the date to stand beside it, and keep its row locked.

    Whoever comes next waits for this transaction. One that is given up gives its rank back, so the series has no gap (a
    database sequence would leave one). The date is ``on``, or that of the rank before where that is later: a sweep that
    runs over midnight dates no number before its predecessor (BOI-TVA-DECLA-30-20-20-10: a chronological sequence).
    """
    taken = _advance(kind, on, is_test)
    if taken is None:
        try:
            with db.session.begin_nested():
                db.session.add(NumberSeries(kind=kind, year=on.year, is_test=is_test, last=0))
        except IntegrityError:
            # Somebody else began the year at the same moment.
            pass
        taken = _advance(kind, on, is_test)
    if taken is None:
        message = f"the series {kind} of {on.year} cannot be begun"
        raise RuntimeError(message)
    return taken


def _advance(kind: DocumentKind, on: date, is_test: bool) -> tuple[int, date] | None:
    later = sa.case((NumberSeries.last_on > on, NumberSeries.last_on), else_=sa.literal(on, sa.Date()))
    row = db.session.execute(
        sa.update(NumberSeries)
        .where(NumberSeries.kind == kind, NumberSeries.year == on.year, NumberSeries.is_test == is_test)
        .values(last=NumberSeries.last + 1, last_on=later)
        .returning(NumberSeries.last, NumberSeries.last_on)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return (row.last, row.last_on) if row is not None and row.last_on is not None else None
