"""What fits an order, and what a method asks for."""

from datetime import date, timedelta

import pytest
from flask import Flask

from eventsapp.core.errors import Invalid
from eventsapp.payments import rules
from eventsapp.payments.errors import MethodInUse
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import MethodDraft, Uses
from tests.support.makers.payments import a_held_method, a_method
from tests.support.makers.study_days import NOW

FITS = {
    "paid": True, "amount_cents": 12900, "currency": "eur", "live": False,
    "expected_cents": 12900, "expects_live": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ({}, None),
        ({"paid": False}, "la page de paiement n’est pas payée"),
        ({"amount_cents": 12899}, "payé 12899 centimes au lieu de 12900"),
        ({"amount_cents": 12901}, "payé 12901 centimes au lieu de 12900"),
        ({"currency": "usd"}, "payé en USD au lieu d’euros"),
        ({"live": True}, "un paiement d’essai pour de vrais comptes, ou l’inverse"),
        ({"expects_live": True}, "un paiement d’essai pour de vrais comptes, ou l’inverse"),
    ],
)
def test_a_card_payment_fits_its_order_to_the_cent_or_is_refused(what: dict[str, object], problem: str | None) -> None:
    assert rules.mismatch(**(FITS | what)) == problem  # type: ignore[arg-type]


def test_what_a_method_requires_and_the_buyer_left_empty_is_named() -> None:
    given = {"organisation": "Ville", "siret": " "}

    assert list(rules.missing_fields(["organisation", "siret"], given)) == ["siret"]


def test_a_method_is_offered_until_the_last_moment_of_its_days() -> None:
    starts_at = NOW + timedelta(days=5)

    assert not rules.is_offered(closes_days_before=5, day_starts_at=starts_at, now=NOW)
    assert rules.is_offered(closes_days_before=5, day_starts_at=starts_at, now=NOW - timedelta(seconds=1))


def test_money_is_due_so_many_days_after_the_order() -> None:
    assert rules.due_on(placed_on=date(2026, 11, 23), payment_days=30) == date(2026, 12, 23)
    assert rules.due_on(placed_on=date(2026, 11, 23), payment_days=None) is None


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (date(2025, 11, 22), True),
        (date(2025, 11, 23), False),
        (date(2026, 11, 23), False),
        (date(2026, 12, 1), False),
        (date(2026, 12, 2), True),
    ],
)
def test_money_moves_between_a_year_before_its_order_and_today(app: Flask, on: date, *, refused: bool) -> None:
    def ask() -> None:
        rules.require_plausible_date(on, field="on", ordered_on=date(2026, 11, 23), today=date(2026, 12, 1))

    with app.app_context():
        if not refused:
            ask()
            return
        with pytest.raises(Invalid) as refusal:
            ask()
    assert list(refusal.value.errors) == ["/on"]


def test_money_is_tolerated_for_the_days_of_grace_and_not_a_day_more() -> None:
    assert rules.tolerated_until(date(2026, 12, 23), grace_days=5) == date(2026, 12, 28)
    assert rules.tolerated_until(None, grace_days=5) is None


CARD: dict[str, object] = {
    "online": True, "confirms_seat": False, "hold_minutes": 30, "payment_days": None, "grace_days": 0,
    "invoice_at": InvoiceMoment.PAYMENT, "means_code": "48",
}  # fmt: skip
MANDAT: dict[str, object] = {
    "purchase_order_days": 10, "required_fields": ("organisation", "siret"), "starts_subscription": True,
}  # fmt: skip


@pytest.mark.parametrize(
    "draft",
    [
        a_method(),
        a_method(**CARD),
        a_method(**MANDAT),
        a_method(**MANDAT, invoice_at=InvoiceMoment.DELIVERY, proforma=True),
        a_method(**MANDAT, invoice_choice=True),
        a_method(invoice_at=InvoiceMoment.PAYMENT, proforma=True),
        a_held_method(),
        a_held_method(proforma=False),
    ],
)
def test_what_can_be_meant_is_taken(draft: MethodDraft) -> None:
    rules.require_possible(draft, takes_cards=True)


@pytest.mark.parametrize(
    ("draft", "field", "said"),
    [
        (a_method(**CARD | {"confirms_seat": True}), "confirms_seat", "la place est confirmée au règlement"),
        (a_held_method(hold_minutes=None), "hold_minutes", "Indiquez combien de temps"),
        (a_held_method(hold_minutes=0), "hold_minutes", "une minute au moins"),
        (a_method(hold_minutes=30), "hold_minutes", "laissez ce champ vide"),
        (a_method(**CARD | {"hold_minutes": 1381}), "hold_minutes", "23 heures au plus"),
        (a_method(payment_days=None), "payment_days", "sous combien de jours"),
        (a_method(payment_days=0), "payment_days", "un jour au moins"),
        (a_held_method(payment_days=10), "payment_days", "il n’y a pas d’échéance"),
        (a_held_method(grace_days=5), "grace_days", "il n’y a pas d’échéance"),
        (a_method(grace_days=-1), "grace_days", "un nombre de jours, ou 0"),
        (a_method(closes_days_before=-1), "closes_days_before", "un nombre de jours, ou 0"),
        (a_held_method(starts_subscription=True), "starts_subscription", "avant que la commande soit confirmée"),
        (a_method(suspend_days=30), "suspend_days", "l’abonnement attend le règlement"),
        (a_method(**MANDAT | {"suspend_days": -1}), "suspend_days", "un nombre de jours, ou 0"),
        (a_held_method(invoice_at=InvoiceMoment.ORDER), "invoice_at", "n’est ferme qu’au règlement"),
        (a_method(invoice_at=InvoiceMoment.DELIVERY), "invoice_at", "dans le dossier du bon de commande"),
        (a_method(invoice_choice=True), "invoice_at", "ne choisit que pour un mandat"),
        (a_method(proforma=True), "proforma", "ferait double emploi"),
        (a_method(**CARD, proforma=True), "proforma", "rien à présenter"),
        (a_held_method(purchase_order_days=10), "purchase_order_days", "confirmez les places à la commande"),
        (a_method(**MANDAT | {"purchase_order_days": 0}), "purchase_order_days", "un jour au moins"),
        (a_method(**MANDAT | {"required_fields": ()}), "required_fields", "demande le SIRET"),
        (a_method(**CARD | {"means_code": "30"}), "means_code", "choisissez «\u00a0Carte bancaire\u00a0»"),
    ],
)
def test_what_cannot_go_together_is_explained_beside_its_field(
    app: Flask, draft: MethodDraft, field: str, said: str
) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        rules.require_possible(draft, takes_cards=True)

    assert said in refused.value.errors[f"/{field}"]


def test_a_card_without_a_gateway_may_be_written_and_not_offered(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        rules.require_possible(a_method(**CARD), takes_cards=False)

    assert "STRIPE_SECRET_KEY" in refused.value.errors["/enabled"]
    rules.require_possible(a_method(**CARD, enabled=False), takes_cards=False)


@pytest.mark.parametrize(
    "uses", [Uses(orders=1, open_orders=0, movements=0), Uses(orders=0, open_orders=0, movements=1)]
)
def test_what_was_used_is_paid_the_same_way_for_good_and_stays(app: Flask, uses: Uses) -> None:
    now_a_card = a_method(**CARD)
    with app.test_request_context():
        with pytest.raises(Invalid) as refused:
            rules.require_same_means(now_a_card, online=False, means_code="30", uses=uses)
        with pytest.raises(MethodInUse):
            rules.require_unused(uses)

    assert set(refused.value.errors) == {"/online", "/means_code"}


def test_what_was_never_used_may_become_anything() -> None:
    never = Uses(orders=0, open_orders=0, movements=0)

    rules.require_same_means(a_method(**CARD), online=False, means_code="30", uses=never)
    rules.require_unused(never)


def test_one_method_is_always_left(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Invalid):
        rules.require_one_left([False, False], offered=False)

    rules.require_one_left([False, True], offered=False)
    rules.require_one_left([], offered=True)


@pytest.mark.parametrize(
    ("online", "starts", "told"),
    [(False, False, "quand le règlement est arrivé"), (False, True, "le jour choisi"), (True, False, "")],
)
def test_a_gift_is_announced_and_begins_when_it_is_accepted(online: bool, starts: bool, told: str) -> None:
    promised = rules.what_is_promised(
        online=online, confirms_seat=False, starts_subscription=starts, seats=False, subscription=False, gift=True
    )

    assert told in promised
    assert "abonnement" not in promised


@pytest.mark.parametrize(
    ("online", "confirms", "starts", "seats", "subscription", "told"),
    [
        (False, True, True, True, False, ["Les places sont confirmées dès la commande."]),
        (False, True, True, False, True, ["L’abonnement commence dès la commande."]),
        (False, True, False, True, True, ["confirmées dès la commande.", "quand le règlement arrive."]),
        (False, False, False, True, False, ["retenues, et confirmées quand le règlement arrive."]),
        (True, False, False, True, True, []),
        (False, True, True, False, False, []),
    ],
)
def test_a_method_promises_only_what_is_ordered(
    online: bool, confirms: bool, starts: bool, seats: bool, subscription: bool, told: list[str]
) -> None:
    promised = rules.what_is_promised(
        online=online, confirms_seat=confirms, starts_subscription=starts, seats=seats, subscription=subscription
    )

    assert all(part in promised for part in told)
    assert promised.count(".") == len(told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("resource_missing", "Stripe ne connaît pas ce paiement (resource_missing)"),
        ("brand_new", "Stripe ou la banque le refuse (brand_new)"),
        ("", "Stripe ou la banque le refuse"),
    ],
)
def test_why_a_refund_fails_is_told_in_words(said: str, told: str) -> None:
    assert rules.refund_refusal(said) == told
