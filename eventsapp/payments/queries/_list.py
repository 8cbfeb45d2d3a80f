"""The office's list of payments."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing
from eventsapp.orders.models import Order
from eventsapp.payments.models import Payment


def payment_list(*, methods: Mapping[str, str]) -> Listing:
    """Return the list of payments; ``methods`` maps codes of payment methods to names."""
    return Listing(
        name="reglements",
        title=_l("Règlements reçus"),
        statement=sa.select(Payment).join(Payment.order),
        loads=(contains_eager(Payment.order),),
        search=(Payment.reference, Payment.payer, Order.reference, Order.billing_name, Order.last_name, Order.email),
        search_hint=_l("Numéro, payeur, commande, organisme"),
        filters=(
            Choice(name="mode", label=_l("Mode"), options=methods, where=lambda code: Payment.method == code),
            Dates(name="recu", label=_l("Reçu"), column=Payment.received_on),
        ),
        columns=(
            Column(
                "payeur",
                _l("Payeur"),
                lambda row: row.payer or row.order.billed_to,
                opens=True,
                second=lambda row: row.order.reference,
                second_label=_l("Commande"),
            ),
            Column("mode", _l("Mode"), lambda row: methods.get(row.method, row.method)),
            Column(
                "numero",
                _l("Numéro"),
                lambda row: row.reference,
                second=lambda row: row.bank,
                second_label=_l("Banque"),
                on_phone=False,
            ),
            Column("recu", _l("Reçu le"), lambda row: row.received_on, kind=Kind.DATE, sort=Payment.received_on),
            Column("montant", _l("Montant"), lambda row: row.amount_cents, kind=Kind.MONEY, sort=Payment.amount_cents),
        ),
        order=(Payment.recorded_at.desc(), Payment.id.desc()),
        counting=sa.select(Payment),
        empty=_l("Les règlements paraîtront ici dès le premier."),
    )
