"""Card payments of the demonstration, made before there was a sandbox, which knows them by their names."""

from eventsapp.demo import rules
from eventsapp.demo.sandbox import checkout, objects
from eventsapp.demo.sandbox.cards import TEST_CARDS, TypedCard
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.store import Thing

_CARD = TypedCard(TEST_CARDS[0], number=TEST_CARDS[0].number, exp_month=12, exp_year=2034)


def payment(sandbox: Sandbox, intent_id: str) -> Thing | None:
    """Return that payment; one of the demonstration that is not there yet is made, paid. ``None`` for an unknown one.

    No event tells of it: whoever asks has counted it long ago.
    """
    found = sandbox.store.find("payment_intent", intent_id)
    cents = rules.cents_of_card_payment(intent_id)
    if found is not None or not cents:
        return found
    of_charge = {"amount_total": cents, "currency": "eur", "_payment_intent_data": {}}
    intent = objects.payment_intent(of_charge, now=sandbox.clock.now()) | {"id": intent_id}
    buyer = checkout.Buyer(email="demonstration@exemple.fr", holder="Démonstration", typed=_CARD)
    charge = checkout.charged(sandbox, intent, buyer)
    sandbox.store.put(charge)
    sandbox.store.put(intent)
    return intent
