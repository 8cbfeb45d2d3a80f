"""Categories of tax with their rates from a date on, and the columns of a component of a price."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.core.i18n import choose
from eventsapp.vat import rules
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import CategoryDraft, Component, Dated


class VatCategory(Model):
    """What is taxed alike, whatever the rate is on a day."""

    __tablename__ = "vat_categories"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'exempt') = (exemption_code <> '')", name="exempt_says_why"),
        sa.CheckConstraint("(kind = 'exempt') = (exemption <> '')", name="exempt_has_its_sentence"),
    )

    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100), default="")
    kind: Mapped[VatKind]
    #: Why no tax is due, as invoices print it, and its code in VATEX.
    exemption: Mapped[str] = mapped_column(sa.String(300), default="")
    exemption_code: Mapped[str] = mapped_column(sa.String(40), default="")
    position: Mapped[int]
    #: Raised by whoever saves: tells two editors from each other.
    version: Mapped[int] = mapped_column(default=1)

    rates: Mapped[list["VatRate"]] = relationship(
        lazy="raise", order_by="VatRate.valid_from.desc()", cascade="all, delete-orphan"
    )

    @property
    def local_name(self) -> str:
        """The name in the language in use."""
        return choose(self.name, self.name_en)

    @property
    def draft(self) -> CategoryDraft:
        """What the office wrote."""
        return CategoryDraft(
            name=self.name,
            name_en=self.name_en,
            kind=self.kind,
            exemption=self.exemption,
            exemption_code=self.exemption_code,
        )

    @property
    def dated(self) -> Dated:
        """The category with its rates, which are loaded."""
        return Dated(
            code=self.code,
            name=self.local_name,
            kind=self.kind,
            rates=tuple((rate.valid_from, rate.rate) for rate in self.rates),
            exemption=self.exemption,
            exemption_code=self.exemption_code,
        )

    def rate_on(self, on: date) -> int:
        """Return the rate in force on a day; the rates are loaded."""
        return rules.rate_on(self.dated.rates, on)


class VatRate(Model):
    """The rate of a category from a day on, until the next one begins."""

    __tablename__ = "vat_rates"
    #: Days show rates; what else does (plans, for programs) is made anew within ``page_cache.LIFETIME``.
    __shown_in__ = "days"
    __table_args__ = (
        sa.UniqueConstraint("category_code", "valid_from"),
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name="rate_bounds"),
    )

    category_code: Mapped[str] = mapped_column(sa.ForeignKey("vat_categories.code", ondelete="CASCADE"))
    valid_from: Mapped[date]
    #: In hundredths of a percent.
    rate: Mapped[int]


class ComponentColumns:
    """What a component of a price has, whatever is sold: a plan's and a rate's have a table each."""

    position: Mapped[int]
    category: Mapped[str] = mapped_column(sa.ForeignKey("vat_categories.code"), index=True)
    #: What it is, on the invoice; empty where it is all there is.
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    #: Its share of the price: tax included, in cents.
    cents: Mapped[int]

    @property
    def value(self) -> Component:
        return Component(label=self.label, category=self.category, cents=self.cents)
