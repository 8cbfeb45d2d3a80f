"""Who reads under the contract of an institution, who looks after them, and how much is read."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core import references
from eventsapp.core.db import Model
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models._contracts import Contract
from eventsapp.subscriptions.models._readerships import Readership
from eventsapp.subscriptions.statuses import MemberState


class Manager(Model):
    """Somebody who says who reads; one of them may have bought the contract, and none need read."""

    __tablename__ = "readership_managers"
    __table_args__ = (sa.UniqueConstraint("readership_id", "email"),)

    readership_id: Mapped[int] = mapped_column(sa.ForeignKey("readerships.id", ondelete="CASCADE"))
    #: Lower case.
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    #: In the link of their page.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    added_at: Mapped[datetime]


class Member(Model):
    """Somebody who was invited to read, reads, or did; until when they may is what the contract of a seat says."""

    __tablename__ = "readership_members"
    __table_args__ = (
        sa.UniqueConstraint("readership_id", "email"),
        sa.CheckConstraint(f"sends BETWEEN 0 AND {rules.MOST_INVITATIONS}", name="sends_within_limit"),
        sa.Index(None, "email"),
        sa.Index(None, "joined_at", "invited_at"),
        sa.Index(None, "removed_at"),
    )

    readership_id: Mapped[int] = mapped_column(sa.ForeignKey("readerships.id", ondelete="CASCADE"))
    readership: Mapped[Readership] = relationship(lazy="raise")
    #: Lower case: who signs in with it reads.
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    #: In the link of the invitation, which holds once.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    #: Since when the last invitation holds, and how many were sent; nobody was invited who bought the contract.
    invited_at: Mapped[datetime | None]
    sends: Mapped[int] = mapped_column(default=0)
    joined_at: Mapped[datetime | None]
    #: When they were taken off, or the invitation was taken back.
    removed_at: Mapped[datetime | None]
    #: The first day of the last month in which they read something: nothing more is kept of what they read.
    last_active_on: Mapped[date | None]

    @property
    def state(self) -> MemberState:
        """Where they stand."""
        return rules.member_state(joined=self.joined_at is not None, removed=self.removed_at is not None)

    @property
    def label(self) -> str:
        """How the page names them."""
        return self.name or self.email


class ContractSeat(Model):
    """A seat of a contract that somebody has."""

    __tablename__ = "contract_seats"
    __table_args__ = (sa.UniqueConstraint("contract_id", "member_id"),)

    contract_id: Mapped[int] = mapped_column(sa.ForeignKey("contracts.id", ondelete="CASCADE"))
    contract: Mapped[Contract] = relationship(lazy="raise")
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("readership_members.id", ondelete="CASCADE"), index=True)
    member: Mapped[Member] = relationship(lazy="raise")
    #: When its reader was told that it ends with the contract, and no other follows.
    told_at: Mapped[datetime | None]


class ReaderDomain(Model):
    """A domain of addresses whose people may join by themselves, once somebody there gave the code sent to them."""

    __tablename__ = "readership_domains"
    __table_args__ = (
        sa.UniqueConstraint("readership_id", "domain"),
        sa.CheckConstraint(f"wrong_codes BETWEEN 0 AND {rules.MOST_WRONG_CODES}", name="wrong_codes_within_limit"),
    )

    readership_id: Mapped[int] = mapped_column(sa.ForeignKey("readerships.id", ondelete="CASCADE"))
    #: Lower case, without the @.
    domain: Mapped[str] = mapped_column(sa.String(253))
    #: To whom the code went, and what stands for it until it is given or too old.
    asked_email: Mapped[str] = mapped_column(sa.String(254))
    asked_at: Mapped[datetime]
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    wrong_codes: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None]
    #: In the link by which its people join.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)


class MonthlyReads(Model):
    """How many articles the readers of an institution opened in a month, all together."""

    __tablename__ = "readership_reads"
    __table_args__ = (sa.UniqueConstraint("readership_id", "month"),)

    readership_id: Mapped[int] = mapped_column(sa.ForeignKey("readerships.id", ondelete="CASCADE"))
    #: Its first day.
    month: Mapped[date]
    reads: Mapped[int] = mapped_column(default=0)
