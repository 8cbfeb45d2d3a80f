"""Plans and contracts."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.core.i18n import choose
from eventsapp.orders.models import OrderLine
from eventsapp.organisations.models import Organisation
from eventsapp.subscriptions.statuses import Audience, ContractKind, ContractStatus, Edition


class Plan(Model):
    """A subscription on offer."""

    __tablename__ = "plans"
    __shown_in__ = "plans"
    __table_args__ = (
        sa.CheckConstraint("price_cents >= 0", name="price_positive"),
        sa.CheckConstraint("months > 0", name="months_positive"),
        sa.CheckConstraint("readers > 0", name="readers_positive"),
    )

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    summary_en: Mapped[str] = mapped_column(sa.Text, default="")
    audience: Mapped[Audience]
    edition: Mapped[Edition]
    months: Mapped[int]
    #: How many people read, and how many seats of a study day it covers at the subscriber rate.
    readers: Mapped[int] = mapped_column(default=1)
    #: Tax included, in cents.
    price_cents: Mapped[int]
    #: In hundredths of a percent: 210 for the registered press.
    vat_rate: Mapped[int] = mapped_column(default=210)
    position: Mapped[int]
    published: Mapped[bool] = mapped_column(default=True)

    @property
    def local_name(self) -> str:
        """The name in the language in use."""
        return choose(self.name, self.name_en)

    @property
    def local_summary(self) -> str:
        return choose(self.summary, self.summary_en)

    @property
    def needs_address(self) -> bool:
        """Whether paper is sent."""
        return self.edition is not Edition.DIGITAL


class Contract(Model):
    """A subscription of somebody, from a day to a day."""

    __tablename__ = "contracts"
    __table_args__ = (sa.Index(None, "status", "ends_on"),)

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"), index=True)
    plan: Mapped[Plan] = relationship(lazy="raise")
    order_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order_lines.id"), index=True)
    order_line: Mapped[OrderLine | None] = relationship(lazy="raise")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    kind: Mapped[ContractKind] = mapped_column(default=ContractKind.PAID)
    status: Mapped[ContractStatus]
    #: The reader's address, lower case: who signs in with it reads.
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    readers: Mapped[int]
    #: Unknown until it is active; the last day is included.
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    delivery_name: Mapped[str] = mapped_column(sa.String(200), default="")
    delivery_address: Mapped[str] = mapped_column(sa.String(300), default="")
    delivery_postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    delivery_city: Mapped[str] = mapped_column(sa.String(100), default="")
    created_at: Mapped[datetime]
    is_test: Mapped[bool] = mapped_column(default=False)

    @property
    def is_suspended(self) -> bool:
        """Whether it ran, and waits for its money again."""
        return self.status is ContractStatus.PENDING and self.starts_on is not None
