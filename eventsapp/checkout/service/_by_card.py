"""Whether a card may renew what is ordered, and what its buyer agrees to."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.checkout.values import CardConsent, Item, Subscription
from eventsapp.orders.models import Order
from eventsapp.organisations.rules import customer_kind
from eventsapp.organisations.statuses import CustomerKind
from eventsapp.payments.models import PaymentMethod
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions import rules
from eventsapp.subscriptions import service as subscription_service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind


def consent_offered(items: Sequence[Item]) -> CardConsent | None:
    """Return what the buyer of ``items`` may agree to, in the language in use; ``None`` where no card renews any of it.

    One subscription of theirs at a person's plan: a gift is somebody else's, and of two it would not be clear which.
    """
    own = [item for item in items if isinstance(item, Subscription)]
    if len(own) != 1 or own[0].gift is not None:
        return None
    plan = subscriptions.plan(own[0].plan)
    if plan is None or not rules.may_renew_by_card(
        audience=plan.audience, months=plan.months, price_cents=plan.price_cents
    ):
        return None
    return CardConsent(words=subscription_service.consent_words(plan), price_cents=plan.price_cents)


def keep_consent(
    order: Order,
    consent: CardConsent | None,
    *,
    method: PaymentMethod,
    contracts: Sequence[Contract],
    now: datetime,
) -> None:
    """Keep what the buyer of an order agreed to, where a card pays it and a person ordered: no body, no company."""
    kind = customer_kind(name=order.billing_name, siret=order.siret, pays_by_mandat=False)
    if consent is None or not method.online or not order.total_cents or kind is not CustomerKind.PERSON:
        return
    if len(contracts) == 1 and contracts[0].kind is ContractKind.PAID and contracts[0].organisation_id is None:
        subscription_service.agree(
            contracts[0],
            order_id=order.id,
            words=consent.words,
            price_cents=consent.price_cents,
            by=order.buyer_name,
            now=now,
        )
