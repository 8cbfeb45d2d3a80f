"""Categories of tax, and what a price is made of."""

from datetime import date

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.vat.models import VatCategory, VatRate
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import Part


def make_category(code: str, *rates: tuple[date, int], kind: VatKind = VatKind.REDUCED) -> VatCategory:
    """Make a category with rates, the day each begins first; an exempt one says why."""
    exempt = kind is VatKind.EXEMPT
    category = VatCategory(
        code=code,
        name=code.capitalize(),
        kind=kind,
        exemption="Exonération de TVA, art. 261-4-4° a du CGI" if exempt else "",
        exemption_code="VATEX-FR-CGI261-4" if exempt else "",
        position=100,
        rates=[VatRate(valid_from=valid_from, rate=rate) for valid_from, rate in rates or [(date(2014, 1, 1), 2000)]],
    )
    db.session.add(category)
    db.session.commit()
    return category


def category_at(rate: int) -> str:
    """Return the code of a category at ``rate``, made where there is none."""
    code = db.session.scalar(sa.select(VatRate.category_code).where(VatRate.rate == rate).order_by(VatRate.id).limit(1))
    return code or make_category(f"rate-{rate}", (date(2014, 1, 1), rate)).code


def a_part(cents: int, rate: int = 2000, label: str = "") -> Part:
    """Return a part of a price at ``rate``."""
    return Part(label=label, category="standard", rate=rate, unit_price_cents=cents, total_cents=cents)
