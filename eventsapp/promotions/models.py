"""Promotional codes and the orders that used them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.orders.models import Order
from eventsapp.promotions.statuses import PromoKind
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan

code_days = sa.Table(
    "promo_codes_study_days",
    Model.metadata,
    sa.Column("promo_code_id", sa.ForeignKey("promo_codes.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("study_day_id", sa.ForeignKey("study_days.id", ondelete="CASCADE"), primary_key=True, index=True),
)
code_plans = sa.Table(
    "promo_codes_plans",
    Model.metadata,
    sa.Column("promo_code_id", sa.ForeignKey("promo_codes.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class PromoCode(Model):
    """A word that makes an order cheaper."""

    __tablename__ = "promo_codes"
    __table_args__ = (
        sa.CheckConstraint("uses_count >= 0", name="uses_positive"),
        sa.CheckConstraint("uses_limit IS NULL OR uses_count <= uses_limit", name="uses_within_limit"),
        sa.CheckConstraint(
            "(kind = 'percent' AND value BETWEEN 1 AND 100) OR (kind = 'amount' AND value > 0) "
            "OR (kind = 'free' AND value = 0)",
            name="value_of_kind",
        ),
        sa.CheckConstraint("code = upper(code)", name="code_in_capitals"),
    )

    #: In capitals: the same word in other letters is the same code.
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[PromoKind]
    #: Whole percent, or cents.
    value: Mapped[int]
    #: Orders that may use it; any number without.
    uses_limit: Mapped[int | None]
    #: Orders that use it; one that is cancelled or expires gives its use back.
    uses_count: Mapped[int] = mapped_column(default=0)
    #: First and last day, both included.
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    #: Else for the days and plans that are chosen, and for nothing when these are gone.
    for_everything: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    days: Mapped[list[StudyDay]] = relationship(secondary=code_days, lazy="raise", order_by=StudyDay.starts_at)
    plans: Mapped[list[Plan]] = relationship(secondary=code_plans, lazy="raise", order_by=Plan.position)


class Redemption(Model):
    """An order that used a code."""

    __tablename__ = "promo_redemptions"

    promo_code_id: Mapped[int] = mapped_column(sa.ForeignKey("promo_codes.id"), index=True)
    promo_code: Mapped[PromoCode] = relationship(lazy="raise")
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), unique=True)
    order: Mapped[Order] = relationship(lazy="raise")
    discount_cents: Mapped[int]
    redeemed_at: Mapped[datetime] = mapped_column(index=True)
    #: When the order was cancelled or expired, and the use was free again.
    returned_at: Mapped[datetime | None]
