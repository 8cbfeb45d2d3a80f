"""Two who take the same action back at the same moment."""

import time
from pathlib import Path

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.batches import queries, service
from eventsapp.batches.errors import NotUndoable
from eventsapp.batches.statuses import BatchAction
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.attendance import make_open_day, seats_of
from tests.support.makers.study_days import NOW


def test_of_two_clicks_one_takes_it_back(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            actor_id = make_user(RoleName.ORGANISER).id
            keys = [seat.id for seat in seats_of(make_open_day(2))]
            with unit_of_work.transaction():
                actor = db.session.get_one(User, actor_id)
                batch_id = service.ask(BatchAction.CANCEL, keys, form_key="form-of-two", actor=actor, now=NOW).id
            db.session.remove()

        def take_back() -> bool:
            try:
                with unit_of_work.transaction():
                    # As the page does: it looks at it first. Meanwhile the other one has looked, too.
                    actor, seen = db.session.get_one(User, actor_id), queries.batch(batch_id)
                    time.sleep(0.3)
                    service.undo(batch_id, actor=actor, now=NOW)
            except NotUndoable:
                return False
            return seen is not None

        assert sorted(at_once(app, take_back, take_back)) == [False, True]
