"""Messages as people of the office write them, and what came of them."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.mailings import service
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.values import Audience, Draft
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW

#: A message leaves from then on.
GONE = NOW + timedelta(minutes=2)


def a_draft(audience: Audience, **values: Any) -> Draft:
    given: dict[str, Any] = {
        "subject": "Changement de salle à {ville}",
        "body": "Bonjour {prenom} {nom},\n\nNous serons **au rez-de-chaussée** : [votre page]({lien}).",
        "reply_to": "journees@exemple.fr",
        "audience": audience,
    }
    return Draft(**given | values)


def to_day(day: StudyDay, **values: Any) -> Audience:
    return Audience(days=(day.id,), **values)


def make_mailing(audience: Audience, *, actor: User | None = None, **values: Any) -> Mailing:
    """Keep a draft."""
    actor = actor or make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        key = service.create(a_draft(audience, **values), actor=actor, now=NOW).id
    return db.session.get_one(Mailing, key)


def plan(mailing: Mailing, *, now: datetime = NOW) -> None:
    """Confirm it, as it is counted."""
    key, actor = mailing.id, make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        mailing = db.session.get_one(Mailing, key)
        expected = service.audience_of(mailing.audience, now=now).count
        service.plan(key, expected=expected, version=mailing.version, actor=actor, now=now)


def sent(template: str = "message") -> list[OutgoingMail]:
    """Return every mail of the room of that template, the first first."""
    return list(
        db.session.scalars(
            sa.select(OutgoingMail).where(OutgoingMail.template == f"mailings/{template}").order_by(OutgoingMail.id)
        )
    )


def ledger(mailing_id: int) -> list[tuple[str | None, str, bool]]:
    """Return address, status and whether there is a mail, of each line."""
    rows = db.session.scalars(
        sa.select(MailingRecipient).where(MailingRecipient.mailing_id == mailing_id).order_by(MailingRecipient.id)
    )
    return [(row.address, row.status.value, row.mail_id is not None) for row in rows]
