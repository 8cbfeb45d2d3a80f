"""Reading categories of tax."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from eventsapp.core import french, i18n
from eventsapp.core.db import Model, db
from eventsapp.core.listing import Column, Kind, Listing
from eventsapp.vat import rules
from eventsapp.vat.models import VatCategory, VatRate
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import Dated, Tariff

KIND_WORDS = {
    VatKind.STANDARD: _l("Taux normal"),
    VatKind.REDUCED: _l("Taux réduit"),
    VatKind.PRESS: _l("Presse inscrite"),
    VatKind.EXEMPT: _l("Exonéré"),
}


def tariff() -> Tariff:
    """Return every category with its rates, in their order. One query: a dozen rows."""
    rows = db.session.execute(_dated()).all()
    found: dict[str, Dated] = {}
    for category, valid_from, rate in rows:
        known = found.get(category.code)
        found[category.code] = Dated(
            code=category.code,
            name=category.local_name,
            kind=category.kind,
            rates=((*known.rates, (valid_from, rate)) if known else ((valid_from, rate),)),
            exemption=category.exemption,
            exemption_code=category.exemption_code,
        )
    return found


@cache
def _dated() -> sa.Select[VatCategory, date, int]:
    return (
        sa.select(VatCategory, VatRate.valid_from, VatRate.rate)
        .join(VatRate, VatRate.category_code == VatCategory.code)
        .order_by(VatCategory.position, VatCategory.id, VatRate.valid_from)
    )


def choices(known: Tariff, *, on: date) -> list[tuple[str, str]]:
    """Return the categories to choose from: code, and name with the rate in force on a day."""
    return [(code, _named(dated, on)) for code, dated in known.items()]


def category(code: str) -> VatCategory | None:
    """Return the category with that code, its rates loaded, the latest first, or ``None``."""
    return db.session.scalar(
        sa.select(VatCategory).where(VatCategory.code == code).options(selectinload(VatCategory.rates))
    )


def codes() -> Sequence[str]:
    """Return the codes that are taken."""
    return db.session.scalars(sa.select(VatCategory.code)).all()


def is_used(code: str) -> bool:
    """Return whether something refers to a category but its rates: an offer, or what was ordered."""
    columns = [
        foreign.parent
        for table in Model.metadata.tables.values()
        for foreign in table.foreign_keys
        if foreign.column.table.name == VatCategory.__tablename__ and table.name != VatRate.__tablename__
    ]
    return bool(db.session.scalar(sa.select(sa.or_(*(sa.exists().where(column == code) for column in columns)))))


def category_list(*, today: date) -> Listing:
    """Describe the office's list of categories."""
    return Listing(
        name="tva",
        title=_l("Taux de TVA"),
        statement=sa.select(VatCategory),
        loads=(selectinload(VatCategory.rates),),
        columns=(
            Column(
                "categorie",
                _l("Catégorie"),
                lambda row: row.local_name,
                opens=True,
                second=_kind,
                second_label=_l("Nature"),
            ),
            Column("taux", _l("Taux"), lambda row: i18n.vat_rate(row.rate_on(today))),
            Column("ensuite", _l("Ensuite"), lambda row: _next(row, today=today), on_phone=False),
            Column("code", _l("Code VATEX"), lambda row: row.exemption_code, kind=Kind.CODE, on_phone=False),
        ),
        order=(VatCategory.position, VatCategory.id),
        empty=_l("Aucune catégorie : créez la première."),
    )


def _next(row: VatCategory, *, today: date) -> str:
    """Return the rate that is to come, and from when; empty where none is."""
    coming = [rate for rate in row.rates if rate.valid_from > today]
    if not coming:
        return ""
    first = min(coming, key=lambda rate: rate.valid_from)
    return str(_l("%(rate)s le %(date)s", rate=i18n.percent(first.rate), date=i18n.date_short(first.valid_from)))


def _named(dated: Dated, on: date) -> str:
    rate, name = rules.rate_on(dated.rates, on), french.unbroken(dated.name)
    return f"{i18n.percent(rate)}, {name}" if rate else name


def _kind(row: VatCategory) -> str:
    """Return what sort of rate it has, unless its name says it."""
    word = str(KIND_WORDS[row.kind])
    return "" if row.local_name.startswith(word) else word
