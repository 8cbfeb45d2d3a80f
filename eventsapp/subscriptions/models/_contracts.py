"""Plans, contracts, gifts, and the reminders that were sent."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.accounts.models import User
from eventsapp.core import references
from eventsapp.core.db import Model
from eventsapp.core.i18n import choose
from eventsapp.orders.models import OrderLine
from eventsapp.orders.statuses import PaymentStatus
from eventsapp.organisations.models import Organisation
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models._readerships import Readership
from eventsapp.subscriptions.statuses import (
    Audience,
    ContractKind,
    ContractStatus,
    Edition,
    GiftState,
    ReminderKind,
    UndeliveredReason,
)
from eventsapp.subscriptions.values import Delivery
from eventsapp.vat.models import ComponentColumns

#: A renewal that began and was not cancelled: a contract has one at most.
_BEGUN = "starts_on IS NOT NULL AND status <> 'cancelled'"


class Plan(Model):
    """A subscription on offer."""

    __tablename__ = "plans"
    __shown_in__ = "plans"
    __table_args__ = (
        sa.CheckConstraint("price_cents >= 0", name="price_positive"),
        sa.CheckConstraint("months > 0", name="months_positive"),
        sa.CheckConstraint("readers > 0", name="readers_positive"),
        sa.CheckConstraint("issues > 0", name="issues_positive"),
        sa.CheckConstraint("copies > 0", name="copies_positive"),
    )

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    summary_en: Mapped[str] = mapped_column(sa.Text, default="")
    audience: Mapped[Audience]
    edition: Mapped[Edition]
    months: Mapped[int]
    #: How many numbers are promised on paper; without a number, those that appear while it runs.
    issues: Mapped[int | None]
    #: Copies of each number that go to its reader.
    copies: Mapped[int] = mapped_column(default=1)
    #: How many people read, and how many seats of a study day it covers at the subscriber rate.
    readers: Mapped[int] = mapped_column(default=1)
    #: Tax included, in cents.
    price_cents: Mapped[int]
    position: Mapped[int]
    published: Mapped[bool] = mapped_column(default=True)

    #: What the price is made of; without any, the whole is taxed at the standard rate.
    components: Mapped[list["PlanComponent"]] = relationship(
        lazy="raise", order_by="PlanComponent.position", cascade="all, delete-orphan"
    )

    @property
    def local_name(self) -> str:
        """The name in the language in use."""
        return choose(self.name, self.name_en)

    @property
    def local_summary(self) -> str:
        return choose(self.summary, self.summary_en)

    @property
    def duration(self) -> str:
        """How long it runs, in words of the language in use: « un an », « 6 mois »."""
        years, rest = divmod(self.months, 12)
        if rest:
            return choose(f"{self.months} mois", f"{self.months} months")
        words = {1: ("un an", "one year"), 2: ("deux ans", "two years"), 3: ("trois ans", "three years")}
        return choose(*words.get(years, (f"{years} ans", f"{years} years")))

    @property
    def can_be_given(self) -> bool:
        """Whether one can offer it: a gift has one reader."""
        return self.audience is Audience.INDIVIDUAL

    @property
    def needs_address(self) -> bool:
        """Whether paper is sent."""
        return self.edition is not Edition.DIGITAL


class PlanComponent(ComponentColumns, Model):
    """A part of a plan's price, with its category of tax."""

    __tablename__ = "plan_components"
    __shown_in__ = "plans"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "position"),
        sa.CheckConstraint("cents >= 0", name="cents_positive"),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"))


class Contract(Model):
    """A subscription of somebody, from a day to a day."""

    __tablename__ = "contracts"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("seats_taken BETWEEN 0 AND readers", name="seats_within_readers"),
        sa.CheckConstraint("copies > 0", name="copies_positive"),
        sa.CheckConstraint("issues > 0", name="issues_positive"),
        sa.CheckConstraint("issues_sent >= 0 AND (issues IS NULL OR issues_sent <= issues)", name="issues_sent"),
        sa.CheckConstraint("(undelivered_on IS NULL) = (undelivered_reason IS NULL)", name="undelivered_for_a_reason"),
        sa.Index(None, "status", "ends_on"),
        sa.Index(
            "uq_contracts_renews_id_begun",
            "renews_id",
            unique=True,
            sqlite_where=sa.text(_BEGUN),
            postgresql_where=sa.text(_BEGUN),
        ),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id"), index=True)
    plan: Mapped[Plan] = relationship(lazy="raise")
    order_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order_lines.id"), index=True)
    order_line: Mapped[OrderLine | None] = relationship(lazy="raise")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    kind: Mapped[ContractKind] = mapped_column(default=ContractKind.PAID)
    status: Mapped[ContractStatus]
    #: In the link by which it is renewed without signing in.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    #: The contract that this one goes on from.
    renews_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contracts.id"), index=True)
    renews: Mapped["Contract | None"] = relationship(lazy="raise", remote_side="Contract.id")
    #: Whether its reader is told that it ends.
    reminders: Mapped[bool] = mapped_column(default=True)
    #: The day at which its reader spoke, of a year that the magazine offers for that.
    study_day_id: Mapped[int | None] = mapped_column(sa.ForeignKey("study_days.id", ondelete="SET NULL"), index=True)
    #: Of what the office gave: why, and who did.
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    granted_by: Mapped[User | None] = relationship(lazy="raise")
    #: The reader's address, lower case: who signs in with it reads. Empty for a gift until it is accepted.
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    #: The language that its reader is written to in.
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    readers: Mapped[int]
    #: Whose people have its seats, once it has begun: that of an institution. Without it, who has its address reads.
    readership_id: Mapped[int | None] = mapped_column(sa.ForeignKey("readerships.id"), index=True)
    readership: Mapped[Readership | None] = relationship(lazy="raise")
    #: How many seats its people have; whoever takes one compares and counts in one statement.
    seats_taken: Mapped[int] = mapped_column(default=0)
    #: When somebody said who keeps a seat, where it has fewer than the one before.
    readers_chosen_at: Mapped[datetime | None]
    #: Unknown until it is active; the last day is included.
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    delivery_name: Mapped[str] = mapped_column(sa.String(200), default="")
    delivery_address: Mapped[str] = mapped_column(sa.String(300), default="")
    delivery_postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    delivery_city: Mapped[str] = mapped_column(sa.String(100), default="")
    #: Copies of each number that go there.
    copies: Mapped[int] = mapped_column(default=1)
    #: Those of the plan when that was settled: whether fewer were wanted, or some added, is told from it.
    plan_copies: Mapped[int] = mapped_column(default=1)
    #: The number with which paper begins, where the buyer chose one.
    first_issue: Mapped[int | None]
    #: How many numbers were promised, as the plan said then; without a number, those that appear while it runs.
    issues: Mapped[int | None]
    #: How many of them went out: as many as there are labels of it (``shipments``).
    issues_sent: Mapped[int] = mapped_column(default=0)
    #: Since when, and why, copies come back; its reader is to give another address.
    undelivered_on: Mapped[date | None] = mapped_column(index=True)
    undelivered_reason: Mapped[UndeliveredReason | None]
    created_at: Mapped[datetime]
    #: When it was cancelled by itself: it does not come back with its order.
    withdrawn_at: Mapped[datetime | None]
    #: When its reader gave notice: it runs to its end, and nobody is reminded of that.
    resigned_at: Mapped[datetime | None]
    is_test: Mapped[bool] = mapped_column(default=False)

    @property
    def is_suspended(self) -> bool:
        """Whether it ran, and waits for its money again."""
        return self.status is ContractStatus.PENDING and self.starts_on is not None

    @property
    def holder(self) -> str:
        """Who has it, in a name: its organisation, which is loaded, or whoever gave theirs."""
        return self.organisation.name if self.organisation else self.delivery_name or self.email

    @property
    def delivery(self) -> Delivery:
        """Where paper is sent."""
        return Delivery(
            name=self.delivery_name,
            address=self.delivery_address,
            postcode=self.delivery_postcode,
            city=self.delivery_city,
        )

    @property
    def issues_left(self) -> int | None:
        """How many of the promised numbers are still to go out; ``None`` where none are counted."""
        return None if self.issues is None else self.issues - self.issues_sent

    @property
    def delivery_line(self) -> str:
        """Where paper is sent, on one line; empty where none is."""
        town = f"{self.delivery_postcode} {self.delivery_city}".strip()
        return ", ".join(part for part in (self.delivery_name, self.delivery_address, town) if part)


class ContractAddress(Model):
    """An address to which a contract's paper goes from a day on: the history, and what is still to come."""

    __tablename__ = "contract_addresses"
    __table_args__ = (sa.Index(None, "applied_at", "from_on"),)

    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contracts.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    city: Mapped[str] = mapped_column(sa.String(100), default="")
    written_at: Mapped[datetime]
    #: Who of the team wrote it; nobody: the reader did, or it is the address that was given with the order.
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    written_by: Mapped[User | None] = relationship(lazy="raise")
    #: When it became the contract's own; nothing while its day is to come.
    applied_at: Mapped[datetime | None]

    @property
    def delivery(self) -> Delivery:
        """Where paper is sent."""
        return Delivery(name=self.name, address=self.address, postcode=self.postcode, city=self.city)


class Gift(Model):
    """A subscription bought for somebody else: what the giver wished, and what became of it, once each."""

    __tablename__ = "gifts"
    __table_args__ = (
        sa.CheckConstraint(f"sends BETWEEN 0 AND {rules.MOST_GIFT_MAILS}", name="sends_within_limit"),
        sa.CheckConstraint("redeemed_at IS NULL OR ready_at IS NOT NULL", name="redeemed_once_ready"),
        sa.Index(None, "announced_at", "announce_at"),
        sa.Index(None, "redeemed_at", "reminded_at"),
    )

    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contracts.id"), unique=True)
    contract: Mapped[Contract] = relationship(lazy="raise")
    #: In the link by which it is accepted; the giver's card carries it too.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    giver_name: Mapped[str] = mapped_column(sa.String(200))
    recipient_name: Mapped[str] = mapped_column(sa.String(200))
    #: Empty: the giver hands over the printed card.
    recipient_email: Mapped[str] = mapped_column(sa.String(254), default="")
    message: Mapped[str] = mapped_column(sa.Text, default="")
    #: When the reader is told; its day is the first one that the subscription may begin on.
    announce_at: Mapped[datetime]
    #: Since when it may be announced and accepted: its money is there, or promised by a method that is trusted.
    ready_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    #: When the giver was told that nobody had accepted it.
    reminded_at: Mapped[datetime | None]
    redeemed_at: Mapped[datetime | None]
    #: How often its mail left.
    sends: Mapped[int] = mapped_column(default=0)

    @property
    def state(self) -> GiftState:
        """Where it stands; its contract with the line and the order is loaded."""
        line = self.contract.order_line
        return rules.gift_state(
            status=self.contract.status,
            is_ready=self.ready_at is not None,
            is_accepted=self.redeemed_at is not None,
            is_announced=self.announced_at is not None,
            by_mail=bool(self.recipient_email),
            is_refunded=line is not None and line.order.payment_status is PaymentStatus.REFUNDED,
        )


class ContractReminder(Model):
    """A reminder that was sent: each kind once for an end, however often the sweep runs."""

    __tablename__ = "contract_reminders"
    __table_args__ = (sa.UniqueConstraint("contract_id", "kind", "ends_on"),)

    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contracts.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind]
    #: The last day that it told of.
    ends_on: Mapped[date]
    sent_at: Mapped[datetime]
