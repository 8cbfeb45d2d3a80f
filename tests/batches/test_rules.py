"""Of whom an action on many cannot be done, and why."""

from typing import Any

import pytest

from eventsapp.batches import rules
from eventsapp.batches.rules import Facts
from eventsapp.batches.statuses import BatchAction
from eventsapp.registrations.statuses import RegistrationStatus as Status


def _seat(**values: Any) -> Facts:
    given: dict[str, Any] = {
        "status": Status.CONFIRMED,
        "is_named": True,
        "has_begun": True,
        "is_over": True,
        "order_closed": False,
        "money_cents": 0,
    }
    return Facts(**given | values)


@pytest.mark.parametrize(
    ("action", "values", "word"),
    [
        (BatchAction.PRESENT, {}, ""),
        (BatchAction.PRESENT, {"status": Status.ABSENT}, ""),
        (BatchAction.PRESENT, {"status": Status.ATTENDED}, "déjà présente"),
        (BatchAction.PRESENT, {"status": Status.CANCELLED}, "place annulée"),
        (BatchAction.PRESENT, {"has_begun": False, "is_over": False}, "la journée n’a pas commencé"),
        (BatchAction.ABSENT, {}, ""),
        (BatchAction.ABSENT, {"is_over": False}, "la journée n’est pas terminée"),
        (BatchAction.ABSENT, {"status": Status.ABSENT}, "déjà absente"),
        (BatchAction.ABSENT, {"status": Status.ATTENDED}, "notée présente"),
        (BatchAction.ABSENT, {"status": Status.HELD}, "place retenue"),
        (BatchAction.TICKETS, {"is_over": False}, ""),
        (BatchAction.TICKETS, {"is_over": True}, "la journée est passée"),
        (BatchAction.TICKETS, {"is_named": False}, "personne n’est encore nommé"),
        (BatchAction.TICKETS, {"status": Status.HELD}, "place retenue"),
        (BatchAction.CANCEL, {}, ""),
        (BatchAction.CANCEL, {"status": Status.HELD}, ""),
        (BatchAction.CANCEL, {"status": Status.CANCELLED}, "déjà annulée"),
        (BatchAction.CANCEL, {"status": Status.ATTENDED}, "la personne est venue"),
        (BatchAction.CANCEL, {"order_closed": True}, "la commande est close"),
        (BatchAction.CANCEL, {"money_cents": 1}, "de l’argent est reçu"),
        (BatchAction.MESSAGE, {"status": Status.CANCELLED}, ""),
    ],
)
@pytest.mark.usefixtures("transaction")
def test_a_reason_stands_against_what_cannot_be_done(action: BatchAction, values: dict[str, Any], word: str) -> None:
    reason = rules.reason_against(action, _seat(**values))

    assert reason.startswith(word)
    assert bool(reason) is bool(word)
