"""A message to a thousand and their reminders, in processes: workers die, two go at once, three days pass unseen."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import db, writing
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.service import CLAIM_LASTS
from eventsapp.mailings.models import ReminderSent
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.registrations.models import Registration
from tests.conftest import database_address
from tests.mailings.looking import make_mailing, plan, to_day
from tests.support.database import ENVIRONMENT, migrated_app
from tests.support.killable import Killable, killable
from tests.support.mail_server import mail_server
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day

PEOPLE = 1000
KILLED = -9
_DAY = 24 * 60
#: Where workers die: a batch is written, a mail of the next one is, the server took a mail.
WRITTEN = "eventsapp.mailings.service._send:_write_some:after"
COMPOSED = "eventsapp.mailings.mails:message:after"
TAKEN = "eventsapp.mail.service:_hand_over:after"


def a_thousand(app: Flask) -> None:
    """Make a day in a fortnight with a thousand people, and plan a message to them."""
    starts_at = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=14)
    with app.app_context(), writing():
        day = make_study_day(capacity=PEOPLE, starts_at=starts_at, registration_closes_at=starts_at - timedelta(days=1))
        place(seats(day, an_attendee(1)), now=starts_at - timedelta(days=60))
        columns = [column for column in Registration.__table__.columns if column.name != "id"]
        [first] = db.session.execute(sa.select(*columns)).mappings()
        rows = [
            dict(first)
            | {
                "email": f"personne{number}@ville-exemple.fr",
                "last_name": f"Personne{number}",
                "secret": f"secret-{number}",
                "ticket_code": f"billet-{number}",
            }
            for number in range(2, PEOPLE + 1)
        ]
        db.session.execute(sa.insert(Registration), rows)
        db.session.commit()
        plan(make_mailing(to_day(day)))
        # Only what this is about is to be sent.
        db.session.execute(sa.delete(OutgoingMail))
        db.session.commit()
        db.session.remove()


def both(one: Killable, other: Killable, name: str, *, minutes: int = 0) -> list[int]:
    """Have two schedulers sweep at the same moment; return how each ended."""
    ended: list[int] = []
    threads = [
        threading.Thread(target=lambda worker=worker: ended.append(worker.do(do="sweep", name=name, minutes=minutes)))
        for worker in (one, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@pytest.mark.load
@pytest.mark.long
@pytest.mark.by_turns
def test_of_a_thousand_none_is_lost_and_each_death_doubles_one_at_most(database: str, tmp_path: Path) -> None:
    with mail_server() as inbox:
        where = {
            "DATABASE_URL": database_address(database, tmp_path),
            "STORAGE_URL": f"file://{tmp_path}/files",
            "MAIL_URL": inbox.url,
        }
        app = migrated_app(where)
        a_thousand(app)

        def counted(template: str) -> Counter[str]:
            with app.app_context():
                rows = db.session.scalars(
                    sa.select(OutgoingMail.to_address).where(OutgoingMail.template == f"mailings/{template}")
                )
                found = Counter(rows)
                db.session.remove()
            return found

        environment = ENVIRONMENT | where
        with (
            killable(environment, log=tmp_path / "one") as one,
            killable(environment, log=tmp_path / "other") as other,
        ):
            # The worker dies twice while it writes the message; then two of them go on at once.
            for _death in range(2):
                assert one.do(do="sweep", name="mailings.send", at=WRITTEN) == KILLED
            assert one.do(do="sweep", name="mailings.send", at=COMPOSED) == KILLED
            assert 0 < counted("message").total() < PEOPLE
            assert both(one, other, "mailings.send") == [0, 0]
            assert counted("message").total() == len(counted("message")) == PEOPLE

            # And twice after the server took a mail, before that is noted; what it had claimed is due again later.
            deaths = 2
            for death in range(deaths):
                minutes = death * (int(CLAIM_LASTS.total_seconds() // 60) + 1)
                assert one.do(do="sweep", name="mail.send", minutes=minutes, at=TAKEN) == KILLED
            for later in range(1, 4):
                both(one, other, "mail.send", minutes=60 * later)
            taken = Counter(address for recipients in inbox.recipients for address in recipients)
            assert len(taken) == PEOPLE
            assert taken.total() <= PEOPLE + deaths

            # Nobody looks from a week before until four days before: then two look at once, and once more.
            assert both(one, other, "mailings.remind", minutes=10 * _DAY) == [0, 0]
            assert both(one, other, "mailings.remind", minutes=10 * _DAY + 60) == [0, 0]
            assert counted("reminder").total() == len(counted("reminder")) == PEOPLE
        with app.app_context():
            kinds = Counter(db.session.scalars(sa.select(ReminderSent.kind)))
            assert kinds == {ReminderKind.WEEK: PEOPLE}
            db.session.remove()
            db.engine.dispose()
