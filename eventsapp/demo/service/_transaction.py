"""The transactions of the demonstration: whatever they write to somebody is kept, and never sent."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus

#: The top-level domain of everybody in the demonstration: reserved, so that no mail can ever arrive there (RFC 2606).
NOWHERE = ".example"


@contextmanager
def writing() -> Iterator[None]:
    """Commit what the block wrote, its mails marked as kept: they tell of orders that nobody placed."""
    with unit_of_work.transaction():
        yield
        db.session.flush()
        db.session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.status == MailStatus.QUEUED, OutgoingMail.to_address.endswith(NOWHERE))
            .values(status=MailStatus.KEPT)
        )
