"""Reading which speakers of a day have a subscription, and which were offered one for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudySession
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerNow:
    """A speaker of a day, by which address, and what stands against offering a year."""

    speaker: Speaker
    email: str
    #: Until when a subscription of that address runs, if one does.
    reads_until: date | None = None
    #: When a complimentary one was given to that address within a year, if one was.
    given_on: date | None = None

    @property
    def gets_one(self) -> bool:
        """Whether a year can be offered: by a known address, and there is none yet."""
        return bool(self.email) and self.reads_until is None and self.given_on is None


def speakers_of_day(day_id: int, *, emails: dict[int, str] | None = None, on: date) -> Sequence[SpeakerNow]:
    """Return the speakers of a day by name, each with the address in ``emails`` (by key) or else the known one.

    Whoever has a subscription that runs, or was given one within a year and it was not taken back, says so.
    """
    spoke = sa.exists().where(
        Intervention.speaker_id == Speaker.id,
        Intervention.session_id == StudySession.id,
        StudySession.study_day_id == day_id,
    )
    found = db.session.scalars(
        sa.select(Speaker).where(spoke).order_by(Speaker.last_name, Speaker.first_name, Speaker.id)
    ).all()
    wanted = {speaker.id: ((emails or {}).get(speaker.id, speaker.email)).strip().lower() for speaker in found}
    addresses = {email for email in wanted.values() if email}
    rows = db.session.execute(
        sa.select(Contract.email, Contract.kind, Contract.starts_on, Contract.ends_on, Contract.status).where(
            Contract.email.in_(addresses),
            Contract.status.in_((ContractStatus.ACTIVE, ContractStatus.EXPIRED)),
            Contract.ends_on >= on - timedelta(days=rules.LONGEST_GRANT),
        )
    ).all()
    until: dict[str, date] = {}
    given: dict[str, date] = {}
    for email, kind, starts_on, ends_on, status in rows:
        if starts_on is None or ends_on is None:
            continue
        if status is ContractStatus.ACTIVE and ends_on >= on:
            until[email] = max(ends_on, until.get(email, ends_on))
        if kind is ContractKind.COMPLIMENTARY and starts_on > on - timedelta(days=rules.YEAR):
            given[email] = max(starts_on, given.get(email, starts_on))
    return [
        SpeakerNow(
            speaker=speaker,
            email=wanted[speaker.id],
            reads_until=until.get(wanted[speaker.id]),
            given_on=given.get(wanted[speaker.id]),
        )
        for speaker in found
    ]


def given_at_day(day_id: int) -> Sequence[Contract]:
    """Return the years that were offered to the speakers of a day and run still, plan loaded, by name."""
    return db.session.scalars(
        sa.select(Contract)
        .where(
            Contract.study_day_id == day_id,
            Contract.kind == ContractKind.COMPLIMENTARY,
            Contract.status == ContractStatus.ACTIVE,
        )
        .options(joinedload(Contract.plan, innerjoin=True))
        .order_by(Contract.delivery_name, Contract.id)
    ).all()
