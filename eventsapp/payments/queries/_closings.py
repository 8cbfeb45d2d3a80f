"""Reading the closed years of the journal, and whether they still say what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.payments import rules
from eventsapp.payments.models import JournalClosing, JournalEntry
from eventsapp.payments.statuses import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSums:
    """What moved in a year: lines of the journal, and both sums positive, in cents; transfers move nothing."""

    entries: int
    came_in_cents: int
    went_out_cents: int


def closings(*, is_test: bool) -> Sequence[JournalClosing]:
    """Return the closed years of a chain, the last first."""
    return db.session.scalars(
        sa.select(JournalClosing).where(JournalClosing.is_test == is_test).order_by(JournalClosing.year.desc())
    ).all()


def last_closing(*, is_test: bool) -> JournalClosing | None:
    """Return the last closed year of a chain, or ``None``."""
    return db.session.scalar(
        sa.select(JournalClosing).where(JournalClosing.is_test == is_test).order_by(JournalClosing.year.desc()).limit(1)
    )


def closed_year(*, is_test: bool) -> int | None:
    """Return the last year of a chain that is closed, or ``None``."""
    return db.session.scalar(sa.select(sa.func.max(JournalClosing.year)).where(JournalClosing.is_test == is_test))


def first_year(*, is_test: bool) -> int | None:
    """Return the year of the first movement of a chain, or ``None``."""
    first = db.session.scalar(sa.select(sa.func.min(JournalEntry.moved_on)).where(JournalEntry.is_test == is_test))
    return first.year if first else None


def sums_of_year(year: int, *, is_test: bool) -> YearSums:
    """Return what moved in a year of a chain."""
    amount = sa.case((JournalEntry.kind == Movement.TRANSFER, 0), else_=JournalEntry.amount_cents)
    entries, came, went = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(sa.case((amount > 0, amount), else_=0)),
            sa.func.sum(sa.case((amount < 0, -amount), else_=0)),
        ).where(JournalEntry.is_test == is_test, JournalEntry.moved_on.between(date(year, 1, 1), date(year, 12, 31)))
    ).one()
    return YearSums(entries=entries, came_in_cents=int(came or 0), went_out_cents=int(went or 0))


def closing_content(closing: JournalClosing) -> dict[str, Any]:
    """Return what a closing says, as it is sealed."""
    return {
        "is_test": closing.is_test,
        "year": closing.year,
        "closed_at": closing.closed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "closed_by": closing.closed_by,
        "entries": closing.entries,
        "came_in_cents": closing.came_in_cents,
        "went_out_cents": closing.went_out_cents,
        "grand_total_cents": closing.grand_total_cents,
        "last_rank": closing.last_rank,
        "journal_hash": closing.journal_hash,
    }


def closing_problems() -> list[str]:
    """Return what is wrong with the closed years: changed, missing, or no longer what the journal says."""
    problems = []
    last: dict[bool, JournalClosing] = {}
    found = db.session.scalars(sa.select(JournalClosing).order_by(JournalClosing.is_test, JournalClosing.year))
    for closing in found:
        name = f"closing of {closing.year}{' (trial)' if closing.is_test else ''}"
        before = last.get(closing.is_test)
        if closing.previous_hash != (before.hash if before else ""):
            problems.append(f"{name}: does not hold the hash of the closing before")
        if before is not None and closing.year != before.year + 1:
            problems.append(f"{name}: follows that of {before.year}")
        if rules.seal(closing.previous_hash, closing_content(closing)) != closing.hash:
            problems.append(f"{name}: was changed after it was written")
        if closing.grand_total_cents != (before.grand_total_cents if before else 0) + closing.total_cents:
            problems.append(f"{name}: its grand total is not that of the closing before and its own")
        problems += [f"{name}: {problem}" for problem in _against_journal(closing)]
        last[closing.is_test] = closing
    return problems


def _against_journal(closing: JournalClosing) -> list[str]:
    problems = []
    sums = sums_of_year(closing.year, is_test=closing.is_test)
    said = YearSums(entries=closing.entries, came_in_cents=closing.came_in_cents, went_out_cents=closing.went_out_cents)
    if sums != said:
        problems.append(
            f"says {said.entries} lines, {said.came_in_cents} cents in and {said.went_out_cents} out; "
            f"the journal {sums.entries}, {sums.came_in_cents} and {sums.went_out_cents}"
        )
    sealed = db.session.scalar(
        sa.select(JournalEntry.hash).where(
            JournalEntry.is_test == closing.is_test, JournalEntry.rank == closing.last_rank
        )
    )
    if (sealed or "") != closing.journal_hash:
        problems.append(f"line {closing.last_rank} of the journal is not the one that it sealed")
    return problems
