"""The days of a month."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.study_days.web.reading import days_of_two_kinds, get_list
from tests.support.makers.study_days import (
    make_study_day,
)

pytestmark = pytest.mark.usefixtures("frozen")


def test_a_month_shows_each_date_of_a_day_and_what_one_can_do(client: FlaskClient) -> None:
    starts_at = datetime(2027, 2, 25, 8, tzinfo=UTC)
    make_study_day(title="Deux jours", starts_at=starts_at, ends_at=starts_at + timedelta(days=1, hours=8))

    page = get_list(client, "/journees/?vue=mois&mois=2027-02")

    busy = re.findall(r'<td class="busy">\s*<time class="day-number" datetime="([^"]*)"', page)
    assert busy == ["2027-02-25", "2027-02-26"]
    assert page.count(">Deux jours</a>") == 2
    assert '<span class="good">Ouverte</span>' in page


def test_a_month_has_its_weekend_only_when_something_happens_then(client: FlaskClient) -> None:
    make_study_day(starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC))
    make_study_day(starts_at=datetime(2027, 5, 8, 8, tzinfo=UTC))

    assert get_list(client, "/journees/?vue=mois&mois=2027-02").count('<th scope="col">') == 5
    assert get_list(client, "/journees/?vue=mois&mois=2027-05").count('<th scope="col">') == 7


def test_without_a_month_the_next_one_with_days_is_shown(client: FlaskClient) -> None:
    make_study_day()

    page = get_list(client, "/journees/?vue=mois")

    assert '<h2 id="month">Février 2027</h2>' in page
    assert 'href="/journees/?vue=mois&amp;mois=2027-01" rel="prev"' in page
    assert 'href="/journees/?vue=mois&amp;mois=2027-03" rel="next"' in page


def test_an_empty_month_leads_to_the_nearest_with_days(client: FlaskClient) -> None:
    make_study_day()

    page = get_list(client, "/journees/?vue=mois&mois=2026-12")

    assert "La plus proche est en février 2027." in page
    assert '<meta name="robots" content="noindex, follow" />' in page


def test_the_months_end_somewhere(client: FlaskClient) -> None:
    assert 'rel="prev"' not in get_list(client, "/journees/?vue=mois&mois=1900-01")
    assert 'rel="next"' not in get_list(client, "/journees/?vue=mois&mois=2199-12")


def test_a_month_keeps_the_other_filters(client: FlaskClient) -> None:
    one, _ = days_of_two_kinds()

    page = get_list(client, f"/journees/?vue=mois&mois=2027-03&ville={one.city}")

    assert "busy" not in page
    assert f'<input type="hidden" name="ville" value="{one.city}" />' in page
    assert '<input type="hidden" name="vue" value="mois" />' in page
