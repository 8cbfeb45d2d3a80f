"""The worker is killed in the middle of a letter to a thousand readers: the next one goes on and doubles none."""

from pathlib import Path

import pytest

from eventsapp.core.db import db, writing
from eventsapp.newsletter import queries
from eventsapp.newsletter.statuses import LetterStatus
from tests.conftest import database_address
from tests.newsletter.looking import plan, sent
from tests.newsletter.service.test_send import a_letter, some_readers
from tests.support.database import ENVIRONMENT, migrated_app
from tests.support.killable import killable

KILLED = -9
READERS = 1_000


@pytest.mark.load
@pytest.mark.by_turns
@pytest.mark.usefixtures("frozen")
def test_a_worker_killed_anywhere_in_a_letter_loses_and_doubles_none(database: str, tmp_path: Path) -> None:
    where = {"DATABASE_URL": database_address(database, tmp_path), "STORAGE_URL": f"file://{tmp_path}/files"}
    app = migrated_app(where)
    with app.app_context(), writing():
        some_readers(READERS)
        letter = a_letter()
        plan(letter)
        key = letter.id
        db.session.remove()

    def written() -> int:
        with app.app_context():
            found = [mail.to_address for mail in sent()]
            db.session.remove()
        assert len(set(found)) == len(found)
        return len(found)

    send = "eventsapp.newsletter.service._send"
    deaths = [
        # With the readers written down, in the first batch, after it, in the second; before it is noted that all are.
        (f"{send}:_begin:after", 0),
        ("eventsapp.newsletter.mails:letter:after", 0),
        (f"{send}:_write_some:after", 50),
        ("eventsapp.newsletter.mails:letter:after", 50),
        (f"{send}:_finish:before", READERS),
    ]
    with killable(ENVIRONMENT | where, log=tmp_path / "log") as dying:
        for point, left in deaths:
            assert dying.do(do="sweep", name="newsletter.send", at=point) == KILLED
            assert written() == left
        assert dying.do(do="sweep", name="newsletter.send") == 0

    assert written() == READERS
    with app.app_context():
        found = queries.letter(key)
        assert found is not None
        assert (found.status, found.total) == (LetterStatus.DONE, READERS)
        db.session.remove()
        db.engine.dispose()
