"""Promotional codes in the office."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.promotions.models import PromoCode
from eventsapp.promotions.statuses import PromoKind
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.promotions import make_code
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.pages import Page
from tests.support.queries import counting_queries

CODES = "/organisation/codes-promotionnels/"
FORM = {"code": "Noel-2026", "kind": "percent", "percent": "15", "scope": "everything", "enabled": "y"}

pytestmark = pytest.mark.usefixtures("frozen")


def _organiser(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def test_a_code_is_written_and_changed_and_the_history_tells_it(client: FlaskClient) -> None:
    office, day = _organiser(client), make_study_day()

    assert office.post(f"{CODES}nouveau/", data=FORM).status_code == 303
    code = db.session.scalars(sa.select(PromoCode)).one()
    assert (code.code, code.kind, code.value, code.uses_limit) == ("NOEL-2026", PromoKind.PERCENT, 15, None)

    changed = FORM | {"kind": "amount", "amount": "50", "uses_limit": "10", "scope": "chosen", "days": str(day.id)}
    assert office.post(f"{CODES}{code.id}/", data=changed).status_code == 303
    assert (code.kind, code.value, code.uses_limit, code.for_everything) == (PromoKind.AMOUNT, 5000, 10, False)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "promo_codes.edit")).all()[-1]
    assert entry.changes["value"] == [15, 5000]
    assert entry.changes["days"] == ["", day.slug]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "ÉTÉ"}, "code"),
        ({"code": "bienvenue"}, "code"),
        ({"percent": "101"}, "percent"),
        ({"percent": ""}, "percent"),
        ({"kind": "amount", "amount": "beaucoup"}, "amount"),
        ({"uses_limit": "0"}, "uses_limit"),
        ({"scope": "chosen"}, "scope"),
        ({"valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "valid_until"),
    ],
)
def test_what_could_never_work_is_told_at_its_field(client: FlaskClient, changes: dict[str, str], field: str) -> None:
    make_code()

    page = _organiser(client).post(f"{CODES}nouveau/", data=FORM | changes)

    assert page.status_code in {409, 422}
    assert f'href="#{field}"' in page.text
    assert db.session.scalars(sa.select(PromoCode.code)).all() == ["BIENVENUE"]


def test_the_limit_is_never_below_what_was_used(client: FlaskClient) -> None:
    code = make_code(uses_limit=5, uses_count=3)

    page = _organiser(client).post(f"{CODES}{code.id}/", data=FORM | {"uses_limit": "2"})

    assert (page.status_code, "Le code a déjà servi 3 fois" in page.text) == (422, True)


def test_the_uses_of_a_code_lead_to_their_orders(client: FlaskClient) -> None:
    code = make_code()
    order = place(seats(make_study_day()), promo_code="BIENVENUE")

    page = Page(_organiser(client).get(f"{CODES}{code.id}/utilisations/").text)

    assert len(page.rows) == 1
    assert f"/organisation/commandes/{order.reference}/" in page.links.values()


def test_the_list_asks_as_many_queries_for_one_code_as_for_three(client: FlaskClient) -> None:
    office = _organiser(client)
    seen = []
    for words in (["UN"], ["DEUX", "TROIS"]):
        for word in words:
            make_code(word)
        db.session.expire_all()
        with counting_queries() as queries:
            assert office.get(CODES).status_code == 200
        seen.append(queries())

    assert seen[0] == seen[1] <= 6


def test_only_days_to_come_are_offered_and_those_that_a_code_has_already(client: FlaskClient) -> None:
    office = _organiser(client)
    past, coming = make_study_day(starts_at=NOW - timedelta(days=9)), make_study_day()
    code = make_code(for_everything=False, days=[past])

    offered = office.get(f"{CODES}nouveau/").text
    kept = office.get(f"{CODES}{code.id}/").text

    assert (past.title in offered, coming.title in offered) == (False, True)
    assert (past.title in kept, coming.title in kept) == (True, True)
