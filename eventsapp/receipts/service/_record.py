"""Recording money that came in, for one order or for several at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.payments.models import Payment
from eventsapp.payments.values import Part
from eventsapp.receipts import rules


def record(
    parts: Sequence[Part],
    money: MoneyReceived,
    *,
    received_on: date,
    actor: User,
    now: datetime,
    methods: dict[int, str] | None = None,
) -> list[Payment]:
    """Count ``money`` for the orders that share it, all or none; return what is new.

    Its amount is the cheque's or the transfer's, whole: the parts must add up to it. ``methods`` says by order what
    it is counted as, where that is not the money's own. Raises ``PartsDoNotAddUp`` and what ``checkout.settle`` does.
    """
    rules.require_sum(parts, total_cents=money.amount_cents)
    return checkout.settle_together(
        {
            part.order_id: replace(
                money,
                amount_cents=part.amount_cents,
                method=(methods or {}).get(part.order_id, money.method),
                form_key=rules.key_of_part(money.form_key, part.order_id) if money.form_key else None,
            )
            for part in parts
        },
        received_on=received_on,
        actor=actor,
        now=now,
    )
