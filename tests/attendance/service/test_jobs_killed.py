"""The worker is killed while it prints and while it sends: the next one goes on, and nothing comes twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import joinedload

from eventsapp.attendance import service
from eventsapp.attendance.models import Certificate, PaperJob, PaperPart
from eventsapp.attendance.statuses import JobState, PaperKind
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.files import storage
from eventsapp.files.models import StoredFile
from eventsapp.mail.models import OutgoingMail
from eventsapp.study_days.models import StudyDay
from tests.conftest import database_address
from tests.support.database import ENVIRONMENT, migrated_app
from tests.support.killable import killable
from tests.support.makers.attendance import codes_of, make_door, make_open_day, scan
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW

KILLED = -9
#: Two parts.
PEOPLE = 151
HERE = "eventsapp.attendance.service._jobs"
PRINTING = "eventsapp.attendance.service._printing"
#: Longer than a worker that died keeps others from its work.
LATER = 6


@pytest.mark.load
@pytest.mark.by_turns
def test_a_worker_killed_anywhere_in_papers_loses_and_doubles_none(database: str, tmp_path: Path) -> None:
    where = {"DATABASE_URL": database_address(database, tmp_path), "STORAGE_URL": f"file://{tmp_path}/files"}
    app = migrated_app(where)
    with app.app_context(), writing():
        # Over by the clock of the processes that are killed.
        day = make_open_day(0, capacity=PEOPLE, starts_at=NOW + timedelta(days=4))
        _fill(day)
        door = make_door()
        for code in codes_of(day):
            scan(day, code, by=door, now=NOW + timedelta(days=4))
        kinds = (PaperKind.CERTIFICATES, PaperKind.SENDING)
        with unit_of_work.transaction():
            jobs = [service.ask(db.session.merge(day), kind, actor=None, now=clock.now()).id for kind in kinds]
        db.session.remove()

    # While the first part is printed; when it is kept; with all parts there, before they are bound; bound, before that
    # is written; and with the first mail.
    deaths = [
        (f"{PRINTING}:_printed:after", 0),
        (f"{PRINTING}:_keep:after", 0),
        (f"{HERE}:bind:before", 2),
        ("eventsapp.attendance.papers:bound_pdf:after", 2),
        (f"{HERE}:send:after", 1),
    ]
    with killable(ENVIRONMENT | where, log=tmp_path / "log") as dying:
        for number, (point, parts) in enumerate(deaths):
            assert dying.do(do="sweep", name="papers.make", at=point, minutes=number * LATER) == KILLED, point
            with app.app_context():
                assert db.session.query(PaperPart).count() == parts
                db.session.remove()
        assert dying.do(do="sweep", name="papers.make", minutes=len(deaths) * LATER) == 0
        assert dying.do(do="sweep", name="files.tidy") == 0

    with app.app_context():
        assert [(job.state, job.done) for job in db.session.query(PaperJob).order_by(PaperJob.id)] == [
            (JobState.DONE, PEOPLE)
        ] * len(jobs)
        [part] = db.session.query(PaperPart).options(joinedload(PaperPart.file))
        assert part.pages == PEOPLE
        assert storage.path_of(part.file.key).read_bytes().startswith(b"%PDF-")
        assert db.session.query(StoredFile).count() == 1
        assert db.session.query(Certificate).filter_by(revoked_at=None).count() == PEOPLE
        told = [mail.to_address for mail in db.session.query(OutgoingMail).filter_by(template="attendance/certificate")]
        assert (len(told), len(set(told))) == (PEOPLE, PEOPLE)
        db.session.remove()
        db.engine.dispose()


def _fill(day: StudyDay) -> None:
    for first in range(0, PEOPLE, 20):
        place(seats(day, *[an_attendee(number) for number in range(first, min(first + 20, PEOPLE))]))
