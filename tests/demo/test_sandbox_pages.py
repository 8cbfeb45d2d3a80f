"""The payment page by plain HTTP forms, as without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Browser

from eventsapp.demo.sandbox import RunningSandbox, buyer, running_sandbox
from eventsapp.demo.sandbox.web.pages import duration, price
from tests.support.browser import visitor


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.reset()
    return served


@dataclass
class Page(HTMLParser):
    """What of a page matters here: its fields by name, its labels, ids and links."""

    fields: dict[str, dict[str, str | None]] = field(default_factory=dict)
    labelled: set[str | None] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    links: list[str | None] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "input":
            self.fields[str(given["name"])] = given
        elif tag == "label":
            self.labelled.add(given.get("for"))
        elif tag == "a":
            self.links.append(given.get("href"))


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    return page


def url_of(sandbox: RunningSandbox, session_id: str) -> str:
    return f"{sandbox.url}/c/pay/{session_id}"


def test_the_page_says_what_is_paid_and_that_no_card_is_real(sandbox: RunningSandbox) -> None:
    product = {"name": "Journée <Angers> & repas", "description": "24 février 2027"}
    line = {"price_data": {"currency": "eur", "unit_amount": 64500, "product_data": product}, "quantity": 2}
    session = sandbox.open_session(line_items=[line], client_reference_id="2026-0001")

    landing = buyer.visit(url_of(sandbox, session.id))

    assert landing.status == 200
    for words in (
        "Bac à sable de paiement\u00a0:</strong> aucune carte réelle",
        "1\u00a0290,00\u00a0€",
        "2 × 645,00\u00a0€",
        "Journée &lt;Angers&gt; &amp; repas",
        "24 février 2027",
        "2026-0001",
    ):
        assert words in landing.text
    assert "http://shop.example/panier" in read(landing.text).links


def test_every_field_has_a_label_and_tells_browsers_what_it_takes(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    page = read(buyer.visit(url_of(sandbox, session.id)).text)

    assert {name: given["autocomplete"] for name, given in page.fields.items()} == {
        "email": "email",
        "number": "cc-number",
        "expiry": "cc-exp",
        "cvc": "cc-csc",
        "holder": "cc-name",
    }
    assert page.labelled == set(page.fields)
    assert len(page.ids) == len(set(page.ids))
    assert "script" not in page.tags


def test_the_email_of_the_order_is_kept_and_cannot_be_changed(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session(customer_email="roux@example.org")

    given = read(buyer.visit(url_of(sandbox, session.id)).text).fields["email"]
    sandbox.pay(session.id, email="other@example.org")

    assert (given["value"], "readonly" in given) == ("roux@example.org", True)
    assert sandbox.objects("checkout.session")[0]["customer_details"]["email"] == "roux@example.org"


@pytest.mark.parametrize("number", [buyer.ACCEPTED, buyer.DECLINED, buyer.INSUFFICIENT_FUNDS, buyer.CHALLENGED])
def test_a_test_card_fills_the_form_in_without_paying(sandbox: RunningSandbox, number: str) -> None:
    session = sandbox.open_session()

    page = read(buyer.visit(f"{url_of(sandbox, session.id)}?carte={number}").text)

    assert (page.fields["number"]["value"] or "").replace(" ", "") == number
    assert page.fields["cvc"]["value"] == "123"
    assert sandbox.objects("payment_intent") == []


def test_an_accepted_card_leads_to_the_seller_with_the_session_s_id(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    landing = sandbox.pay(session.id)

    assert (landing.status, landing.location) == (303, f"http://shop.example/merci?session={session.id}")


def test_a_declined_card_stays_on_the_page_with_the_reason(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    landing = sandbox.pay(session.id, card=buyer.INSUFFICIENT_FUNDS, holder="Élise Roux")

    page = read(landing.text)
    assert landing.status == 402
    assert 'role="alert"' in landing.text
    assert "La provision de la carte est insuffisante" in landing.text
    assert "<title>Erreur\u00a0: " in landing.text
    assert page.fields["holder"]["value"] == "Élise Roux"
    assert (page.fields["number"]["value"], page.fields["cvc"]["value"]) == ("", "")
    assert "La provision de la carte est insuffisante" in buyer.visit(url_of(sandbox, session.id)).text


def test_a_real_looking_card_is_declined_with_a_warning(sandbox: RunningSandbox) -> None:
    landing = sandbox.pay(sandbox.open_session().id, card="5555 5555 5555 4444")

    assert landing.status == 402
    assert "Ne saisissez jamais de carte réelle" in landing.text


def test_wrong_fields_are_told_next_to_them_and_pay_nothing(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()

    landing = sandbox.pay(session.id, card="4242", email="roux", expiry="13/34", cvc="", holder=" ")

    page = read(landing.text)
    assert landing.status == 422
    for name in ("email", "number", "expiry", "cvc", "holder"):
        assert page.fields[name]["aria-invalid"] == "true"
        assert page.fields[name]["aria-describedby"] == f"{name}-error"
        assert f"{name}-error" in page.ids
        assert f"#{name}" in page.links
    assert (page.fields["number"]["value"], page.fields["expiry"]["value"]) == ("4242", "13/34")
    assert sandbox.objects("payment_intent") == []


def test_what_is_typed_is_shown_back_harmless(sandbox: RunningSandbox) -> None:
    landing = sandbox.pay(sandbox.open_session().id, card="x", holder='"><script>alert(1)</script>')

    assert landing.status == 422
    assert "<script" not in landing.text


def test_the_bank_s_page_asks_and_each_button_leads_on(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()
    page = sandbox.pay(session.id, card=buyer.CHALLENGED).location or ""
    question = buyer.visit(page)
    assert question.status == 200
    assert "finit par 3220" in question.text

    refused = buyer.answer_challenge(page, accept=False)

    assert (refused.status, refused.location) == (303, url_of(sandbox, session.id))
    assert "authentification a échoué" in buyer.visit(refused.location or "").text
    assert buyer.visit(page).location == url_of(sandbox, session.id)

    sandbox.pay(session.id, card=buyer.CHALLENGED)
    accepted = buyer.answer_challenge(page)

    assert accepted.location == f"http://shop.example/merci?session={session.id}"


def test_a_paid_session_says_so_and_leads_on(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()
    sandbox.pay(session.id)

    landing = buyer.visit(url_of(sandbox, session.id))

    assert landing.status == 200
    assert "Ce paiement est fait" in landing.text
    assert read(landing.text).links == [f"http://shop.example/merci?session={session.id}"]
    assert sandbox.pay(session.id).location == f"http://shop.example/merci?session={session.id}"


def test_an_expired_session_says_so_and_leads_back(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session()
    sandbox.client().v1.checkout.sessions.expire(session.id)

    for landing in (buyer.visit(url_of(sandbox, session.id)), sandbox.pay(session.id)):
        assert landing.status == 410
        assert "Cette page de paiement a expiré" in landing.text
        assert read(landing.text).links == ["http://shop.example/panier"]


def test_an_unknown_session_is_a_404(sandbox: RunningSandbox) -> None:
    landing = buyer.visit(url_of(sandbox, "cs_test_other"))

    assert landing.status == 404
    assert "Page de paiement inconnue" in landing.text


def test_pages_carry_a_strict_policy_that_lets_the_form_lead_to_the_seller(sandbox: RunningSandbox) -> None:
    session = sandbox.open_session(success_url="https://shop.example:8443/merci")
    connection = HTTPConnection(sandbox.url.removeprefix("http://"))
    connection.request("GET", f"/c/pay/{session.id}")
    headers = connection.getresponse().headers
    connection.close()

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
        " form-action 'self' https://shop.example:8443"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_the_stylesheet_is_served_by_the_sandbox_itself(sandbox: RunningSandbox) -> None:
    landing = buyer.visit(f"{sandbox.url}/_sandbox/static/sandbox.css")

    assert landing.status == 200
    assert "--accent" in landing.text


@pytest.mark.parametrize(
    ("cents", "currency", "written"),
    [
        (5, "eur", "0,05\u00a0€"),
        (12900, "eur", "129,00\u00a0€"),
        (123456789, "chf", "1\u00a0234\u00a0567,89\u00a0CHF"),
    ],
)
def test_amounts_are_written_as_in_french(cents: int, currency: str, written: str) -> None:
    assert price(cents, currency) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (24 * 60 * 60, "24\u00a0h\u00a000"),
        (3 * 60 * 60 - 1, "2\u00a0h\u00a059"),
        (1859, "30\u00a0min"),
        (-5, "0\u00a0min"),
    ],
)
def test_the_time_left_is_written_in_hours_and_minutes(seconds: int, written: str) -> None:
    assert duration(seconds) == written


@pytest.mark.browser
def test_a_browser_without_javascript_pays_by_keyboard_and_is_let_through_to_the_seller(
    sandbox: RunningSandbox, browser: Browser
) -> None:
    with running_sandbox() as seller, visitor(browser, javascript=False, forgiving=True) as page:
        # Another origin than the page's own: the policy must let the form's redirect go there.
        session = sandbox.open_session(success_url=f"{seller.url}/?session={{CHECKOUT_SESSION_ID}}")
        page.goto(f"{session.url}?carte={buyer.CHALLENGED}")
        page.get_by_label("Adresse électronique").fill("camille@example.org")
        page.get_by_label("Nom inscrit sur la carte").press("Enter")
        page.get_by_role("button", name="Accepter le paiement").press("Enter")

        page.wait_for_url(f"{seller.url}/?session={session.id}")

    assert sandbox.objects("checkout.session")[0]["payment_status"] == "paid"
