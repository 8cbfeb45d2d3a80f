"""A complimentary year for who spoke at a day: one action for all of them, and the way back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.errors import CountChanged
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.service._granted import end, grant
from eventsapp.subscriptions.statuses import ContractKind
from eventsapp.subscriptions.values import Delivery, Grant


def offer_to_speakers(
    day: StudyDay,
    plan: Plan,
    *,
    picked: Collection[int],
    emails: Mapping[int, str],
    expected: int,
    ends_on: date,
    reason: str,
    actor: User,
    now: datetime,
    is_test: bool = False,
) -> list[Contract]:
    """Give those of a day's speakers who were ``picked`` (by key) a subscription until that day; return what began.

    Who has one, or was given one within a year, is passed over, and so is who has no address; every address that was
    typed is kept with its speaker. Raises ``CountChanged`` when not as many would get one as was told, and ``Invalid``.
    """
    study_days.lock(day.id)
    today = clock.local_date(now)
    rows = queries.speakers_of_day(day.id, emails=dict(emails), on=today)
    _keep(rows)
    speakers = [row for row in rows if row.speaker.id in picked and row.gets_one]
    # Two who share an address read by one subscription.
    getting = list({row.email: row for row in reversed(speakers)}.values())[::-1]
    if len(getting) != expected:
        raise CountChanged("Entre-temps, le compte a changé : relisez la liste avant d’offrir.")
    given = [
        grant(
            plan,
            Grant(
                kind=ContractKind.COMPLIMENTARY,
                email=row.email,
                delivery=Delivery(name=row.speaker.name),
                ends_on=ends_on,
                reason=reason,
                study_day_id=day.id,
            ),
            actor=actor,
            now=now,
            is_test=is_test,
        )
        for row in getting
    ]
    audit.record(
        "subscriptions.thank",
        subject=("study_day", day.id, day.title),
        now=now,
        actor=actor,
        changes={"count": len(given), "plan": plan.name, "ends_on": str(ends_on)},
    )
    return given


def keep_addresses(day: StudyDay, *, emails: Mapping[int, str], now: datetime) -> int:
    """Keep the addresses that were typed (by key) with a day's speakers, whoever gets a year; return how many are new.

    One that was emptied stays known.
    """
    study_days.lock(day.id)
    return _keep(queries.speakers_of_day(day.id, emails=dict(emails), on=clock.local_date(now)))


def _keep(rows: Sequence[queries.SpeakerNow]) -> int:
    new = [row for row in rows if row.email and row.email != row.speaker.email.strip().lower()]
    for row in new:
        row.speaker.email = row.email
    return len(new)


def take_back_from_speakers(day: StudyDay, *, actor: User, now: datetime) -> int:
    """End the years that were offered for a day and run still; return how many."""
    study_days.lock(day.id)
    contracts = sorted(queries.given_at_day(day.id), key=lambda contract: contract.id)
    for contract in contracts:
        end(contract.id, actor=actor, now=now)
    if contracts:
        audit.record(
            "subscriptions.unthank",
            subject=("study_day", day.id, day.title),
            now=now,
            actor=actor,
            changes={"count": len(contracts)},
        )
    return len(contracts)
