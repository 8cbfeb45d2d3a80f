"""The office's list of invoices and credit notes."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, State
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.queries._invoices import REFUSED
from eventsapp.invoices.statuses import Check, DocumentKind
from eventsapp.orders.models import Order
from eventsapp.organisations.statuses import CustomerKind

KIND_WORDS = {DocumentKind.INVOICE: _l("Facture"), DocumentKind.CREDIT_NOTE: _l("Avoir")}
#: As the reports of sales call them.
CUSTOMER_WORDS = {
    CustomerKind.PERSON: _l("Particulier (B2C)"),
    CustomerKind.COMPANY: _l("Entreprise (B2B)"),
    CustomerKind.PUBLIC: _l("Organisme public (B2G)"),
}
CHECK_WORDS = {
    Check.PENDING: _l("En préparation"),
    Check.VALID: _l("Valide"),
    Check.INVALID: _l("Refus du contrôle"),
}
_TONES = {Check.PENDING: "wait", Check.VALID: "good", Check.INVALID: "bad"}


def _signed(invoice: Invoice, cents: int) -> int:
    return -cents if invoice.kind is DocumentKind.CREDIT_NOTE else cents


def invoice_list() -> Listing:
    """Return the list of invoices and credit notes, the latest first."""
    return Listing(
        name="factures",
        title=_l("Factures et avoirs"),
        statement=sa.select(Invoice).join(Invoice.order),
        loads=(contains_eager(Invoice.order),),
        states=(
            State("toutes", _l("Toutes")),
            State("factures", _l("Factures"), where=Invoice.kind == DocumentKind.INVOICE),
            State("avoirs", _l("Avoirs"), where=Invoice.kind == DocumentKind.CREDIT_NOTE),
            State("refusees", _l("Refusées par le contrôle"), where=REFUSED),
        ),
        search=(Invoice.number, Invoice.buyer_name, Order.reference, Order.last_name, Order.email, Order.siret),
        search_hint=_l("Numéro, client, commande, SIRET"),
        filters=(
            Dates(name="le", label=_l("Émise"), column=Invoice.issued_on),
            Choice(
                name="acheteur",
                label=_l("Client"),
                options={kind.value: label for kind, label in CUSTOMER_WORDS.items()},
                where=lambda value: Invoice.customer_kind == CustomerKind(value),
            ),
            Dates(name="echeance", label=_l("Échéance"), column=Invoice.due_on),
        ),
        columns=(
            Column("numero", _l("Numéro"), lambda row: row.number, opens=True, kind=Kind.CODE, sort=Invoice.number),
            Column("sorte", _l("Sorte"), lambda row: KIND_WORDS[row.kind], on_phone=False),
            Column(
                "client",
                _l("Client"),
                lambda row: row.buyer_name,
                sort=Invoice.buyer_name,
                second=lambda row: row.order.reference,
                second_label=_l("Commande"),
            ),
            Column(
                "controle",
                _l("Contrôle"),
                lambda row: CHECK_WORDS[row.check],
                kind=Kind.STATE,
                tone=lambda row: _TONES[row.check],
                on_phone=False,
            ),
            Column("le", _l("Émise"), lambda row: row.issued_on, kind=Kind.DATE, sort=Invoice.issued_on),
            Column(
                "echeance",
                _l("Échéance"),
                lambda row: row.due_on if row.kind is DocumentKind.INVOICE else None,
                kind=Kind.DATE,
                sort=Invoice.due_on,
                on_phone=False,
            ),
            Column("nature", _l("Nature du client"), lambda row: CUSTOMER_WORDS[row.customer_kind], only_in_file=True),
            Column("ht", _l("HT"), lambda row: _signed(row, row.net_cents), kind=Kind.MONEY, only_in_file=True),
            Column("tva", _l("TVA"), lambda row: _signed(row, row.vat_cents), kind=Kind.MONEY, only_in_file=True),
            Column(
                "total",
                _l("TTC"),
                lambda row: _signed(row, row.total_cents),
                kind=Kind.MONEY,
                sort=Invoice.total_cents,
            ),
        ),
        order=(Invoice.id.desc(),),
        empty=_l("Les factures paraîtront ici dès la première commande à régler."),
    )
