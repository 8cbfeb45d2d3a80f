"""Series and themes, through their pages."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.study_days import queries
from eventsapp.study_days.models import Series, StudyDay, Theme
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_study_day

DAY = "/organisation/journees/journee/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser in the office."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def _day() -> StudyDay:
    db.session.expire_all()
    day = queries.day_in_full("journee")
    assert day is not None
    return day


def test_series_and_themes_are_made_renamed_and_removed_unless_used(office: FlaskClient) -> None:
    office.post("/organisation/series/nouvelle/", data={"title": "Mutualisation", "description": "Plusieurs villes."})
    office.post("/organisation/themes/nouveau/", data={"name": "Finances"})
    series, theme = db.session.scalars(sa.select(Series)).one(), db.session.scalars(sa.select(Theme)).one()
    make_study_day(series=series)

    office.post(f"/organisation/series/{series.id}/", data={"title": "Mutualiser"})
    refused = office.post(f"/organisation/series/{series.id}/supprimer/")
    office.post(f"/organisation/themes/{theme.id}/supprimer/")

    assert refused.status_code == 409
    assert "Des journées appartiennent à cette série" in refused.text
    assert [(each.slug, each.title) for each in db.session.scalars(sa.select(Series))] == [
        ("mutualisation", "Mutualiser")
    ]
    assert db.session.scalars(sa.select(Theme)).all() == []
