"""Subscriptions that a card renews: what a reader agreed to, what was announced, and each try to charge."""

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.accounts.models import User
from eventsapp.core import references
from eventsapp.core.db import Model
from eventsapp.orders.models import Order
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models._contracts import Contract
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, ChargeState


class CardAgreement(Model):
    """That a reader lets a card renew a subscription: to what they agreed, and by which card, year after year."""

    __tablename__ = "card_agreements"
    __table_args__ = (
        sa.CheckConstraint("agreed_cents > 0", name="agreed_to_a_price"),
        sa.CheckConstraint("(state = 'over') = (end_reason IS NOT NULL)", name="over_for_a_reason"),
        sa.CheckConstraint("state <> 'active' OR method_id <> ''", name="active_with_a_card"),
    )

    #: In the link by which it is seen and stopped without signing in; the same through all the years.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    #: The subscription that is renewed next; once it is, the one that followed.
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contracts.id"), unique=True)
    contract: Mapped[Contract] = relationship(lazy="raise")
    #: The order with which it was agreed.
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order] = relationship(lazy="raise")
    state: Mapped[AgreementState] = mapped_column(default=AgreementState.ASKED, index=True)
    agreed_at: Mapped[datetime]
    #: What stood beside the box, word for word, and the price in it, in cents.
    agreed_text: Mapped[str] = mapped_column(sa.Text)
    agreed_cents: Mapped[int]
    #: Stripe's ids; empty until the order is paid, and once Stripe has forgotten the card.
    customer_id: Mapped[str] = mapped_column(sa.String(100), default="")
    method_id: Mapped[str] = mapped_column(sa.String(100), default="")
    #: What its holder knows the card by.
    brand: Mapped[str] = mapped_column(sa.String(30), default="")
    last4: Mapped[str] = mapped_column(sa.String(4), default="")
    exp_month: Mapped[int | None]
    exp_year: Mapped[int | None]
    #: Stripe's page on which it took another's place, and when that was opened; none for the first one.
    card_page_id: Mapped[str] = mapped_column(sa.String(100), default="")
    card_page_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    #: Who of the team stopped it; nobody: the reader did.
    stopped_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    stopped_by: Mapped[User | None] = relationship(lazy="raise")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[AgreementEnd | None]

    @property
    def is_active(self) -> bool:
        return self.state is AgreementState.ACTIVE

    @property
    def card(self) -> str:
        """The card as its holder knows it: « Visa •••• 4242 »; empty while none is kept."""
        return f"{self.brand.capitalize()} •••• {self.last4}" if self.last4 else ""


class CardRenewal(Model):
    """What was announced of one renewal by card: once for each end of a subscription, however often the sweep runs."""

    __tablename__ = "card_renewals"
    __table_args__ = (
        sa.UniqueConstraint("contract_id", "ends_on"),
        sa.CheckConstraint("price_cents > 0", name="announced_with_a_price"),
    )

    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("card_agreements.id", ondelete="CASCADE"), index=True)
    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contracts.id"))
    #: The last day that it follows.
    ends_on: Mapped[date]
    announced_at: Mapped[datetime]
    #: What is charged at most, in cents, and on which day.
    price_cents: Mapped[int]
    charge_on: Mapped[date]
    #: The order that is charged for, from the first try on.
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("orders.id"), index=True)
    order: Mapped[Order | None] = relationship(lazy="raise")
    #: When its reader was told that the card was refused: once, whatever the later tries say.
    told_at: Mapped[datetime | None]

    charges: Mapped[list["CardCharge"]] = relationship(lazy="raise", order_by="CardCharge.number")

    @property
    def refuse_until(self) -> date:
        """The last day on which it can be refused."""
        return rules.refuse_until(charge_on=self.charge_on)


class CardCharge(Model):
    """One try to charge a card: written before Stripe is asked, so that it is known what was asked whatever follows."""

    __tablename__ = "card_charges"
    __table_args__ = (
        sa.UniqueConstraint("renewal_id", "number"),
        sa.CheckConstraint("amount_cents > 0", name="asks_for_something"),
        sa.CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="asked_until_answered"),
    )

    #: Reasons of our own: there was no answer while one could be looked for; Stripe will not say whether there is one;
    #: it was charged although that was stopped meanwhile, and is to be given back, or was.
    UNANSWERED: ClassVar[str] = "unanswered"
    UNCLEAR: ClassVar[str] = "unclear"
    UNWANTED: ClassVar[str] = "stopped"
    GIVEN_BACK: ClassVar[str] = "given back"

    renewal_id: Mapped[int] = mapped_column(sa.ForeignKey("card_renewals.id", ondelete="CASCADE"))
    number: Mapped[int]
    #: Stripe charges once for it, however often it is asked.
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    amount_cents: Mapped[int]
    state: Mapped[ChargeState] = mapped_column(default=ChargeState.ASKED, index=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    #: Stripe's id of the payment.
    payment_id: Mapped[str] = mapped_column(sa.String(100), default="")
    #: Why it was refused, in Stripe's word, or one of ours.
    reason: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def is_refused_by_bank(self) -> bool:
        return self.state is ChargeState.DECLINED and self.reason not in {self.UNANSWERED, self.UNCLEAR}
