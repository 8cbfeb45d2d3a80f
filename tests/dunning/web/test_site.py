"""The letter of a reminder, for whoever has the link of the order."""

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from eventsapp.accounts.access import RoleName
from tests.dunning.web.test_office import late
from tests.support.makers.accounts import make_user, sign_in


@pytest.mark.usefixtures("frozen")
def test_the_letter_is_for_whoever_has_the_link(client: FlaskClient) -> None:
    order = late(20)
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    client.post(f"/organisation/commandes/{order.reference}/relances/envoyer/", data={"step": "1"})
    address = f"/commandes/{order.reference}/{order.secret}/relances"

    letter = client.get(f"{address}/1.pdf")
    unknown = client.get(f"{address}/9.pdf")
    forged = client.get(f"/commandes/{order.reference}/{'x' * 32}/relances/1.pdf")

    assert (letter.status_code, letter.content_type) == (200, "application/pdf")
    assert order.reference in PdfReader(io.BytesIO(letter.data)).pages[0].extract_text()
    assert (unknown.status_code, forged.status_code) == (404, 404)
