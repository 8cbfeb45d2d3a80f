"""The worker is killed in the middle of a message, in processes of its own: the next one goes on and doubles none."""

from pathlib import Path

import pytest

from eventsapp.core.db import db, writing
from eventsapp.mailings import queries
from eventsapp.mailings.statuses import MailingStatus
from tests.conftest import database_address
from tests.mailings.looking import make_mailing, plan, sent, to_day
from tests.support.database import ENVIRONMENT, migrated_app
from tests.support.killable import killable
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day

KILLED = -9
#: Two whole batches and a part.
PEOPLE = 120


@pytest.mark.load
@pytest.mark.by_turns
def test_a_worker_killed_anywhere_in_a_message_loses_and_doubles_none(database: str, tmp_path: Path) -> None:
    where = {"DATABASE_URL": database_address(database, tmp_path), "STORAGE_URL": f"file://{tmp_path}/files"}
    app = migrated_app(where)
    with app.app_context(), writing():
        day = make_study_day(capacity=PEOPLE)
        for first in range(0, PEOPLE, 20):
            place(seats(day, *[an_attendee(number) for number in range(first, first + 20)]))
        mailing = make_mailing(to_day(day))
        plan(mailing)
        key = mailing.id
        db.session.remove()

    def written() -> int:
        with app.app_context():
            found = [mail.to_address for mail in sent()]
            db.session.remove()
        assert len(set(found)) == len(found)
        return len(found)

    deaths = [
        # In the middle of the first batch; after it; in the middle of the second; with all written, before it is noted.
        ("eventsapp.mailings.mails:message:after", 0),
        ("eventsapp.mailings.service._send:_write_some:after", 50),
        ("eventsapp.mailings.mails:message:after", 50),
        ("eventsapp.mailings.service._send:_finish:before", PEOPLE),
    ]
    with killable(ENVIRONMENT | where, log=tmp_path / "log") as dying:
        for point, left in deaths:
            assert dying.do(do="sweep", name="mailings.send", at=point) == KILLED
            assert written() == left
        assert dying.do(do="sweep", name="mailings.send") == 0

    assert written() == PEOPLE
    with app.app_context():
        found = queries.mailing(key)
        assert found is not None
        assert found.status is MailingStatus.DONE
        db.session.remove()
        db.engine.dispose()
