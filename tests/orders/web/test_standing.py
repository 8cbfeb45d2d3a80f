"""The sentence of each state, and what may be done in it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from eventsapp.orders.models import Order
from eventsapp.orders.rules import payment_status
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.web.standing import legal_actions, standing

MOMENT = datetime(2027, 3, 10, 9, 30, tzinfo=UTC)
TODAY = date(2027, 3, 11)


def an_order(status: OrderStatus, **values: object) -> Order:
    given: dict[str, object] = {
        "total_cents": 10_000, "credited_cents": 0, "paid_cents": 0, "refunded_cents": 0, "kept_cents": 0,
        "paid_without_seat": False,
        "placed_at": MOMENT, "expires_at": MOMENT, "expired_at": MOMENT, "cancelled_at": MOMENT,
        "due_on": date(2027, 3, 20), "tolerated_until": date(2027, 3, 20),
    }  # fmt: skip
    order = Order(status=status, **given | values)
    order.payment_status = payment_status(
        total_cents=order.total_cents, paid_cents=order.paid_cents, refunded_cents=order.refunded_cents
    )
    return order


CASES = [
    (OrderStatus.PENDING, {}, "La carte n’est pas encore payée.", "warning", {"record", "cancel"}),
    (OrderStatus.EXPIRED, {}, "La carte n’a pas été payée à temps", "warning", {"record"}),
    (OrderStatus.EXPIRED, {"paid_cents": 500}, "restent à rembourser", "error", {"record", "refund"}),
    (
        OrderStatus.EXPIRED, {"paid_cents": 10_000, "paid_without_seat": True}, "quand il ne restait plus de place",
        "error", {"record", "refund"},
    ),
    (
        OrderStatus.CANCELLED, {"paid_cents": 10_000, "paid_without_seat": True}, "pour une commande annulée", "error",
        {"record", "refund"},
    ),
    (
        OrderStatus.EXPIRED, {"paid_cents": 10_000, "refunded_cents": 10_000, "paid_without_seat": True},
        "il est rendu", "warning", {"record"},
    ),
    (OrderStatus.CANCELLED, {}, "Annulée le 10\u00a0mars 2027.", "warning", {"record"}),
    (
        OrderStatus.CANCELLED, {"paid_cents": 10_000, "kept_cents": 3_000},
        "30,00\u00a0€ de frais sont retenus. 70,00\u00a0€ restent à rembourser.", "error", {"record", "refund"},
    ),
    (OrderStatus.CONFIRMED, {}, "la promesse suffit", "warning", {"record", "cancel", "invoice"}),
    (
        OrderStatus.CONFIRMED, {"due_on": date(2027, 3, 10)}, "était attendu au plus tard le 10\u00a0mars 2027",
        "warning",
        {"record", "cancel", "invoice"},
    ),
    (
        OrderStatus.CONFIRMED, {"paid_cents": 4_000}, "40,00\u00a0€ sont réglés, 60,00\u00a0€ restent attendus",
        "warning", {"record", "cancel", "invoice", "refund"},
    ),
    (
        OrderStatus.CONFIRMED, {"paid_cents": 10_000}, "Tout est réglé.", "success",
        {"record", "cancel", "invoice", "refund"},
    ),
    (
        OrderStatus.CONFIRMED, {"paid_cents": 12_000}, "20,00\u00a0€ de trop", "error",
        {"record", "cancel", "invoice", "refund"},
    ),
    (
        OrderStatus.CONFIRMED, {"paid_cents": 10_000, "refunded_cents": 2_000},
        "20,00\u00a0€ ont été remboursés, il reste 20,00\u00a0€ à régler", "warning",
        {"record", "cancel", "invoice", "refund"},
    ),
    (OrderStatus.CONFIRMED, {"total_cents": 0, "due_on": None}, "Rien n’est à payer", "success", {"cancel"}),
]  # fmt: skip


@pytest.mark.parametrize(("status", "values", "said", "tone", "legal"), CASES)
def test_every_state_has_its_sentence_and_its_actions(
    app: Flask, status: OrderStatus, values: dict[str, object], said: str, tone: str, legal: set[str]
) -> None:
    order = an_order(status, **values)

    with app.test_request_context():
        found = standing(order, method="Chèque bancaire", online=True, finalising=False, today=TODAY)

    assert said in found.why
    assert found.tone == tone
    assert legal_actions(order, invoiced=False) == legal


def test_every_status_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(OrderStatus)


def test_what_is_paid_but_not_finished_says_so(app: Flask) -> None:
    order = an_order(OrderStatus.CONFIRMED, paid_cents=10_000)

    with app.test_request_context():
        found = standing(order, method="Carte", online=True, finalising=True, today=TODAY)

    assert found.why.startswith("Tout est réglé. La facture n’est pas prête")
    assert found.tone == "error"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            OrderStatus.PENDING,
            "Virement\u00a0: le règlement n’est pas encore arrivé. Les places sont retenues jusqu’au 10",
        ),
        (
            OrderStatus.EXPIRED,
            "Virement\u00a0: le règlement n’est pas arrivé à temps\u202f; les places ont été rendues le 10",
        ),
    ],
)
def test_what_waits_for_a_transfer_speaks_of_no_card(app: Flask, status: OrderStatus, said: str) -> None:
    with app.test_request_context():
        found = standing(an_order(status), method="Virement", online=False, finalising=False, today=TODAY)

    assert found.why.startswith(said)


@pytest.mark.parametrize("online", [True, False])
@pytest.mark.parametrize(
    ("status", "values", "said"),
    [
        (OrderStatus.PENDING, {}, "La commande attend jusqu’"),
        (OrderStatus.EXPIRED, {}, "la commande a été close"),
        (OrderStatus.CONFIRMED, {}, "suffit à confirmer la commande"),
        (OrderStatus.CONFIRMED, {"paid_cents": 4_000}, "La commande est confirmée\u202f; 40,00\u00a0€ sont réglés"),
        (OrderStatus.CONFIRMED, {"due_on": date(2027, 3, 10)}, "La commande est confirmée\u202f; le règlement"),
    ],
)
def test_an_order_of_a_subscription_speaks_of_no_seats(
    app: Flask, status: OrderStatus, values: dict[str, object], said: str, online: bool
) -> None:
    with app.test_request_context():
        order = an_order(status, **values)
        found = standing(order, method="Virement", online=online, finalising=False, today=TODAY, seats_only=False)

    assert said in found.why
    assert "place" not in found.why


def test_days_of_grace_are_told_while_they_run(app: Flask) -> None:
    with app.test_request_context():
        said = [
            standing(
                an_order(OrderStatus.CONFIRMED, due_on=date(2027, 3, 1), tolerated_until=date(2027, 3, last)),
                method="Virement",
                online=False,
                finalising=False,
                today=TODAY,
            ).why
            for last in (10, 11)
        ]

    assert ["délai de grâce court jusqu’au 11\u00a0mars 2027" in why for why in said] == [False, True]


def test_what_is_invoiced_is_not_invoiced_again() -> None:
    assert "invoice" not in legal_actions(an_order(OrderStatus.CONFIRMED), invoiced=True)
