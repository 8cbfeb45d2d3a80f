"""The developer's view."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from eventsapp.demo.sandbox import RunningSandbox, buyer, running_sandbox


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.reset()
    served.send_webhooks_to(None)
    return served


def test_an_empty_board_says_what_will_be_there(sandbox: RunningSandbox) -> None:
    landing = buyer.visit(sandbox.url + "/")

    assert landing.status == 200
    assert "Aucune session" in landing.text
    assert "ils ne partent nulle part" in landing.text


def test_sessions_and_deliveries_are_listed_in_every_state(sandbox: RunningSandbox) -> None:
    sandbox.send_webhooks_to("http://127.0.0.1:9/")
    sandbox.turn(attempts=1)
    opened = sandbox.open_session(client_reference_id="2026-0001")
    sandbox.pay(sandbox.open_session(client_reference_id="2026-0002").id)
    sandbox.client().v1.checkout.sessions.expire(sandbox.open_session(client_reference_id="2026-0003").id)
    sandbox.wait_for_deliveries()

    text = buyer.visit(sandbox.url + "/").text

    for words in ("2026-0001", "2026-0002", "2026-0003", "payée", "expirée", f"{opened.url}", "abandonné", "129,00"):
        assert words in text
    assert "checkout.session.completed" in text


def test_its_buttons_refund_contest_and_send_again(sandbox: RunningSandbox) -> None:
    sandbox.send_webhooks_to("http://127.0.0.1:9/")
    sandbox.turn(drop=True)
    sandbox.pay(sandbox.open_session().id)
    charge = sandbox.objects("charge")[0]["id"]
    event = sandbox.events()[0]["id"]

    assert buyer.visit(f"{sandbox.url}/rembourser/{charge}", {"amount": "100"}).status == 303
    assert buyer.visit(f"{sandbox.url}/renvoyer/{event}", {}).status == 303
    assert buyer.visit(f"{sandbox.url}/contester/{charge}", {}).status == 303

    assert sandbox.objects("charge")[0]["amount_refunded"] == 100
    assert sandbox.objects("charge")[0]["disputed"] is True
    assert [delivery["event"] for delivery in sandbox.objects("delivery")].count(event) == 2


def test_an_empty_amount_refunds_all(sandbox: RunningSandbox) -> None:
    sandbox.pay(sandbox.open_session().id)

    buyer.visit(f"{sandbox.url}/rembourser/{sandbox.objects('charge')[0]['id']}", {"amount": ""})

    assert sandbox.objects("charge")[0]["refunded"] is True


@pytest.mark.parametrize(("amount", "status"), [("douze", 422), ("²", 422), ("999999", 400)])
def test_an_impossible_refund_is_told_on_the_board(sandbox: RunningSandbox, amount: str, status: int) -> None:
    sandbox.pay(sandbox.open_session().id)

    landing = buyer.visit(f"{sandbox.url}/rembourser/{sandbox.objects('charge')[0]['id']}", {"amount": amount})

    assert landing.status == status
    assert 'role="alert"' in landing.text
    assert sandbox.objects("refund") == []


def test_a_page_of_another_site_cannot_press_its_buttons(sandbox: RunningSandbox) -> None:
    sandbox.pay(sandbox.open_session().id)
    connection = HTTPConnection(sandbox.url.removeprefix("http://"))
    path = f"/contester/{sandbox.objects('charge')[0]['id']}"
    connection.request("POST", path, headers={"Origin": "http://evil.example", "Content-Length": "0"})
    status = connection.getresponse().status
    connection.close()

    assert status == 403
    assert sandbox.objects("dispute") == []
