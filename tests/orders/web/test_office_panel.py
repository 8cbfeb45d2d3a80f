"""The narrow panels of the office: a mail address is never broken within a word."""

from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import make_study_day


def test_a_mail_address_has_a_line_of_its_own_and_places_to_break(client: FlaskClient, frozen: None) -> None:
    order = place(seats(make_study_day()))
    sign_in(client, make_user(RoleName.ADMINISTRATOR))

    page = client.get(f"/organisation/commandes/{order.reference}/").text

    name, _at, domain = order.email.partition("@")
    broken = ".<wbr>".join(f"{name}<wbr>@{domain}".split("."))
    assert f'<div class="whole"><dt>Courriel</dt><dd>{broken}</dd></div>' in page
    assert "<div><dt>Contact</dt>" in page
