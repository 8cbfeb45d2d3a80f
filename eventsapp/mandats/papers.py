"""What is typed into Chorus Pro, field by field, as the portal calls them."""

from datetime import date

from eventsapp.core import french
from eventsapp.invoices.values import Content


def chorus_sheet(content: Content) -> list[tuple[str, str]]:
    """Return label and value of each field that the portal asks for; values as they are pasted, in French.

    The labels are the portal's, which speaks French only. « A1 » is an invoice to be paid, « A2 » one that is paid.
    """
    fields = [
        ("Cadre de facturation", "A2" if content.is_paid else "A1"),
        ("SIRET du fournisseur", content.seller.siret),
        ("SIRET du destinataire", content.buyer.siret),
        ("Code service", content.buyer.service_code),
        ("Numéro d’engagement", content.buyer.order_number),
        ("Numéro de facture", content.number),
        ("Date de facture", _plain_date(content.issued_on)),
        ("Date d’échéance", _plain_date(content.due_on)),
        *(
            (f"Montant HT à {french.percent(share.rate)}", french.plain_amount(share.net_cents))
            for share in content.shares
        ),
        *((f"TVA à {french.percent(share.rate)}", french.plain_amount(share.vat_cents)) for share in content.shares),
        ("Montant HT", french.plain_amount(content.net_cents)),
        ("Montant TVA", french.plain_amount(content.vat_cents)),
        ("Montant TTC", french.plain_amount(content.total_cents)),
        ("Net à payer", french.plain_amount(content.due_cents)),
        ("Devise", "EUR"),
        ("Mode de règlement", "Virement"),
        ("IBAN", content.seller.iban),
        ("BIC", content.seller.bic),
        ("Commentaire", f"Commande {content.order_reference}"),
    ]
    return [(label, value) for label, value in fields if value]


def _plain_date(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
