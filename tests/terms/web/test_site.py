"""What an order accepted, for its buyer."""

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_buyer_reads_what_was_accepted(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    page = f"/commandes/{order.reference}/{order.secret}/"

    text = client.get(f"{page}conditions/").text

    assert f'href="{page}conditions/"' in client.get(page).text
    assert "Acceptées avec la commande le 23\u00a0novembre 2026" in text
    assert "Se faire remplacer" in text
    assert client.get(f"/commandes/{order.reference}/autre/conditions/").status_code == 404


def test_an_order_older_than_the_versions_has_none(client: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    order.accepted_terms_id = None
    db.session.commit()
    page = f"/commandes/{order.reference}/{order.secret}/"

    assert client.get(f"{page}conditions/").status_code == 404
    assert "conditions/" not in client.get(page).text.split("<footer")[0]
