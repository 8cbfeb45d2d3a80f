"""What a seat costs, through its page."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.study_days import queries
from eventsapp.study_days.models import Rate, StudyDay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import make_study_day
from tests.support.pages import Page

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


def _made_of(rate: Rate) -> list[tuple[str, str, int]]:
    return [(part.label, part.category, part.cents) for part in rate.components]


def test_rates_are_changed_all_at_once(office: FlaskClient) -> None:
    make_study_day(slug="journee", rates={"standard": 62100, "elected": 39000})
    fields = Page(office.get(f"{DAY}tarifs/").text).fields

    answer = office.post(
        f"{DAY}tarifs/",
        data=fields
        | {
            "rates-0-price": "650,50", "rates-0-until": "2027-01-31", "rates-1-remove": "y",
            "rates-2-name": "Étudiant", "rates-2-price": "1 290", "rates-2-vat_category": "exempt-training",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    assert [(rate.code, _made_of(rate), rate.available_until) for rate in _day().rates] == [
        ("standard", [("", "standard", 65050)], datetime(2027, 1, 31, 23, tzinfo=UTC)),
        ("etudiant", [("", "exempt-training", 129000)], None),
    ]


def test_a_rate_is_named_in_english_too_and_appears_in_french_where_it_is_not(office: FlaskClient) -> None:
    make_study_day(slug="journee", rates={"standard": 62100, "elected": 39000})
    fields = Page(office.get(f"{DAY}tarifs/").text).fields

    office.post(
        f"{DAY}tarifs/",
        data=fields
        | {"rates-0-name_en": "Full price", "rates-0-condition": "Tous", "rates-0-condition_en": "Everybody"},
    )

    french, english = (office.get(f"{locale}/journees/journee/").text for locale in ("", "/en"))
    form = office.get("/en/journees/journee/inscription/").text
    rates = [
        [rate["name"] for rate in office.get(f"{locale}/api/v1/study-days/journee").get_json()["rates"]]
        for locale in ("", "/en")
    ]
    assert "Full price" not in french
    assert "Everybody" in english
    assert "Full price · €621.00" in form
    assert '<span lang="fr">Élu</span>' in english
    assert rates == [["Non-abonné", "Élu"], ["Full price", "Élu"]]


def test_rates_read_and_saved_stay_as_they_were(office: FlaskClient) -> None:
    make_study_day(slug="journee")
    _day().rates[0].available_until = datetime(2027, 1, 31, 23, tzinfo=UTC)
    db.session.commit()
    fields = Page(office.get(f"{DAY}tarifs/").text).fields

    office.post(f"{DAY}tarifs/", data=fields)

    assert fields["rates-0-until"] == "2027-01-31"
    assert _day().rates[0].available_until == datetime(2027, 1, 31, 23, tzinfo=UTC)
    assert [rate.price_cents for rate in _day().rates] == [54000, 62100, 39000]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"rates-0-price": "-1"}, "Écrivez un prix en euros"),
        ({"rates-0-price": "1e9"}, "Écrivez un prix en euros"),
        ({"rates-0-price": "9" * 20}, "Écrivez un prix en euros"),
        ({"rates-0-price": "99 999 999 999 999,00"}, "Pas plus de 100\u00a0000\u00a0€."),
        ({"rates-0-price": "100 000,01"}, "Pas plus de 100\u00a0000\u00a0€."),
        ({"rates-0-price": "１２"}, "Écrivez un prix en euros"),
        ({"rates-0-name": ""}, "Donnez un nom à ce tarif."),
        ({"rates-0-remove": "y", "rates-1-remove": "y", "rates-2-remove": "y"}, "garde au moins un tarif"),
    ],
)
def test_rates_that_will_not_do_are_refused(office: FlaskClient, values: dict[str, str], told: str) -> None:
    make_study_day(slug="journee")
    fields = Page(office.get(f"{DAY}tarifs/").text).fields

    answer = office.post(f"{DAY}tarifs/", data=fields | values)

    assert answer.status_code == 422
    assert told in answer.text
    assert [rate.price_cents for rate in _day().rates] == [54000, 62100, 39000]


def test_a_rate_of_several_parts_is_split_and_read_and_saved_stays_as_it_was(office: FlaskClient) -> None:
    make_study_day(slug="journee", rates={"standard": 62100})
    fields = Page(office.get(f"{DAY}tarifs/").text).fields
    lunch = {
        "rates-0-main_label": "Journée", "rates-0-components-0-label": "Déjeuner",
        "rates-0-components-0-category": "intermediate", "rates-0-components-0-amount": "32,10",
    }  # fmt: skip

    assert office.post(f"{DAY}tarifs/", data=fields | lunch).status_code == 303
    again = Page(office.get(f"{DAY}tarifs/").text).fields
    assert office.post(f"{DAY}tarifs/", data=again).status_code == 303

    (rate,) = _day().rates
    assert _made_of(rate) == [("Journée", "standard", 58890), ("Déjeuner", "intermediate", 3210)]
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "study_days.edit")).first()
    assert told is not None
    assert "Déjeuner : 32,10\xa0€, intermediate" in told.changes["rates"][1]


def test_parts_of_a_rate_that_exceed_its_price_are_told_and_nothing_is_written(office: FlaskClient) -> None:
    make_study_day(slug="journee", rates={"standard": 62100})
    fields = Page(office.get(f"{DAY}tarifs/").text).fields
    too_much = {
        "rates-0-main_label": "Journée", "rates-0-components-0-label": "Déjeuner",
        "rates-0-components-0-category": "intermediate", "rates-0-components-0-amount": "621",
    }  # fmt: skip

    answer = office.post(f"{DAY}tarifs/", data=fields | too_much)

    assert answer.status_code == 422
    assert "Les autres parts dépassent le prix." in answer.text
    assert _made_of(_day().rates[0]) == [("", "standard", 62100)]
