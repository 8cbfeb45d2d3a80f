import pytest
import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.page_cache import ContentVersion
from eventsapp.study_days.models import StudyDay
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def versions() -> dict[str, int]:
    return dict(db.session.execute(sa.select(ContentVersion.scope, ContentVersion.version)).all())


def test_a_changed_row_makes_the_pages_that_show_it_anew() -> None:
    day = make_study_day()
    before = versions()

    with unit_of_work.transaction():
        db.session.get_one(StudyDay, day.id).title = "Autre titre"

    assert versions() == before | {"days": before["days"] + 1}


def test_a_deleted_row_does_too() -> None:
    day = make_study_day(rates={})
    before = versions()

    with unit_of_work.transaction():
        db.session.execute(sa.delete(StudyDay).where(StudyDay.id == day.id))
        unit_of_work.touch("days")

    assert versions()["days"] == before["days"] + 1


def test_what_no_page_shows_changes_no_version() -> None:
    before = versions()

    with unit_of_work.transaction():
        pass

    assert versions() == before
