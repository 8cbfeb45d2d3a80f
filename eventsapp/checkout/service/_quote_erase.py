"""Erasing from quotes what people said of themselves for the day only."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.invoices.models import QuoteRecord
from eventsapp.study_days.rules import KEEP_DAYS

#: What a quote keeps of a person that no bill needs.
_OF_PERSON = ("access_needs", "answers")


def erase_in_quotes(*, now: datetime) -> int:
    """Erase needs and answers from the quotes that were ordered, whose seats have them, or that are long over.

    Return how many quotes; a second time there is nothing left to erase.
    """
    today = now.astimezone(settings.zone(settings.current().default_timezone)).date()
    asked = sa.cast(QuoteRecord.request, sa.Text)
    over = db.session.scalars(
        sa.select(QuoteRecord)
        .where(
            sa.or_(QuoteRecord.order_id.is_not(None), QuoteRecord.valid_until < today - timedelta(days=KEEP_DAYS)),
            sa.or_(*(asked.contains(f'"{name}"', autoescape=True) for name in _OF_PERSON)),
        )
        .with_for_update()
    ).all()
    for quote in over:
        quote.request = _without(quote.request)
    db.session.flush()
    return len(over)


def _without(value: Any) -> Any:
    """Return JSON without what is erased, however deep it lies."""
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items() if key not in _OF_PERSON}
    if isinstance(value, list):
        return [_without(inner) for inner in value]
    return value
