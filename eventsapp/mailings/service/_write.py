"""A message from its draft until it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict
from eventsapp.mail import queries as mail_queries
from eventsapp.mail.rules import UNDO
from eventsapp.mail.statuses import RecipientStatus, SuppressionReason
from eventsapp.mailings import mails, queries, rules
from eventsapp.mailings.errors import AudienceChanged, NobodyToWriteTo, TooLate
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.statuses import MailingStatus
from eventsapp.mailings.values import Addressee, Audience, Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Whom a message is for, counted."""

    people: Sequence[Addressee]
    #: Address → why nothing is sent there.
    left_out: dict[str, SuppressionReason]
    #: About the readers' own coming day: it reaches everybody.
    is_service: bool
    #: People whom it would be for and who left no address.
    unaddressed: int = 0

    @property
    def count(self) -> int:
        """How many mails leave."""
        return len(self.people) - len(self.left_out)


def audience_of(audience: Audience, *, now: datetime) -> Counted:
    """Return whom a message to ``audience`` would reach at ``now``, and who would be left out."""
    people = queries.people(audience, now=now)
    days_end = [day.ends_at for day in queries.days_of(audience.days)]
    is_service = rules.is_service(audience.basis, audience.seats, days_end, now=now)
    left_out = {} if is_service else mail_queries.suppressed([person.address for person in people])
    return Counted(
        people=people, left_out=left_out, is_service=is_service, unaddressed=queries.without_address(audience)
    )


def create(draft: Draft, *, actor: User, now: datetime) -> Mailing:
    """Keep a new draft. Raises ``UnusableText`` for a text that cannot be filled in."""
    rules.require_fillable(draft.audience.basis, subject=draft.subject, body=draft.body)
    mailing = Mailing(created_at=now, author_id=actor.id, author_label=actor.name, updated_at=now, **_columns(draft))
    db.session.add(mailing)
    db.session.flush()
    audit.record("mailings.create", subject=_subject(mailing), actor=actor, now=now)
    return mailing


def edit(mailing_id: int, draft: Draft, *, version: int, actor: User, now: datetime) -> Mailing:
    """Change a draft. Raises ``Conflict`` when somebody saved meanwhile, ``UnusableText`` and ``TooLate``."""
    rules.require_fillable(draft.audience.basis, subject=draft.subject, body=draft.body)
    mailing = _draft(mailing_id)
    if mailing.version != version:
        raise Conflict("Quelqu’un a modifié ce message entre-temps.")
    before = {name: getattr(mailing, name) for name in ("subject", "body", "reply_to")}
    for name, value in _columns(draft).items():
        setattr(mailing, name, value)
    mailing.updated_at, mailing.version = now, version + 1
    changes = audit.difference(before, {name: getattr(mailing, name) for name in before})
    audit.record("mailings.edit", subject=_subject(mailing), actor=actor, now=now, changes=changes)
    return mailing


def delete(mailing_id: int, *, actor: User, now: datetime) -> None:
    """Throw a draft away. Raises ``TooLate`` for what left."""
    mailing = _draft(mailing_id)
    audit.record("mailings.delete", subject=_subject(mailing), actor=actor, now=now)
    db.session.delete(mailing)


def send_test(mailing: Mailing, addressee: Addressee, *, actor: User, now: datetime) -> None:
    """Send the message as ``addressee`` would read it to whoever writes it."""
    mails.on_trial(mailing, addressee, to=actor.email, name=actor.name, now=now)


def plan(mailing_id: int, *, expected: int, version: int, actor: User, now: datetime) -> Mailing:
    """Let a draft leave in a minute, to the ``expected`` number of addresses that somebody has seen and confirmed.

    The ledger is written with it: each address once. Raises ``AudienceChanged``, ``NobodyToWriteTo``, ``Conflict`` and
    ``TooLate``.
    """
    mailing = _draft(mailing_id)
    if mailing.version != version:
        raise Conflict("Quelqu’un a modifié ce message entre-temps.")
    counted = audience_of(mailing.audience, now=now)
    if not counted.count:
        raise NobodyToWriteTo("Personne ne recevrait ce message : changez les destinataires.")
    if counted.count != expected:
        raise AudienceChanged(
            _(
                "Le nombre de destinataires a changé entre-temps : %(count)s. Relisez, puis confirmez.",
                count=ngettext("%(num)d personne", "%(num)d personnes", counted.count),
            )
        )
    db.session.execute(
        sa.insert(MailingRecipient), [_ledger_row(mailing_id, person, counted) for person in counted.people]
    )
    mailing.status, mailing.starts_at = MailingStatus.PLANNED, now + UNDO
    mailing.is_service, mailing.total = counted.is_service, len(counted.people)
    audit.record(
        "mailings.send", subject=_subject(mailing), actor=actor, now=now, changes={"recipients": [None, counted.count]}
    )
    return mailing


def undo(mailing_id: int, *, actor: User, now: datetime) -> None:
    """Make a draft again of a message that has not left. Raises ``TooLate`` once its minute is over."""
    mailing = queries.locked_mailing(mailing_id)
    if mailing.status is not MailingStatus.PLANNED or mailing.starts_at is None or mailing.starts_at <= now:
        raise TooLate("Ce message est déjà parti : il ne s’annule plus.")
    db.session.execute(sa.delete(MailingRecipient).where(MailingRecipient.mailing_id == mailing_id))
    mailing.status, mailing.starts_at, mailing.total = MailingStatus.DRAFT, None, 0
    audit.record("mailings.undo", subject=_subject(mailing), actor=actor, now=now)


def _draft(mailing_id: int) -> Mailing:
    mailing = queries.locked_mailing(mailing_id)
    if mailing.status is not MailingStatus.DRAFT:
        raise TooLate("Ce message n’est plus un brouillon.")
    return mailing


def _columns(draft: Draft) -> dict[str, object]:
    return {
        "subject": draft.subject,
        "body": draft.body,
        "reply_to": draft.reply_to,
        "audience_data": draft.audience.kept,
    }


def _subject(mailing: Mailing) -> tuple[str, int, str]:
    return "mailing", mailing.id, mailing.subject


def _ledger_row(mailing_id: int, person: Addressee, counted: Counted) -> dict[str, object]:
    reason = counted.left_out.get(person.address.lower())
    return {
        "mailing_id": mailing_id,
        "address": person.address.lower(),
        "name": person.name,
        "facts": dict(person.facts),
        "study_day_id": person.study_day_id,
        "status": RecipientStatus.LEFT_OUT if reason else RecipientStatus.WAITING,
        "reason": reason.value if reason else "",
        "mail_id": None,
    }
