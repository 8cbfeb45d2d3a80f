"""Rows that every installation starts with: roles, payment methods, versions of the pages."""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = {
    "administrator": "Administration : tout",
    "organiser": "Organisation : journées, programme, inscriptions, comptes rendus",
    "editor": "Rédaction : numéros, articles, comptes rendus, commentaires",
    "accountant": "Comptabilité : commandes, règlements, exports",
    "door": "Accueil : les participants du jour",
}
SCOPES = ("days", "magazine", "plans", "site")
METHODS = [
    {
        "code": "card",
        "position": 1,
        "name": "Carte bancaire (CB)",
        "name_en": "Card",
        "summary": "Vous payez maintenant sur une page sécurisée ; la commande est confirmée aussitôt.",
        "summary_en": "You pay now on a secure page; the order is confirmed at once.",
        "delay_label": "immédiat",
        "delay_label_en": "now",
        "instructions": "",
        "instructions_en": "",
        "shown_details": [],
        "online": True,
        "confirms_seat": False,
        "starts_subscription": False,
        "hold_minutes": 30,
        "payment_days": None,
        "grace_days": 0,
        "required_fields": [],
        "optional_fields": [],
        "closes_days_before": 0,
        "reference_label": "",
    },
    {
        "code": "mandat",
        "position": 2,
        "name": "Mandat administratif",
        "name_en": "Public purchase order (mandat administratif)",
        "summary": "Réservé aux organismes publics. Les places sont confirmées dès la commande ; "
        "la facture est à régler à 30 jours.",
        "summary_en": "For French public bodies. Seats are confirmed with the order; the invoice is due in 30 days.",
        "delay_label": "à 30 jours",
        "delay_label_en": "in 30 days",
        "instructions": "Transmettez ce récapitulatif à votre service financier : il y trouvera la référence, le SIRET, "
        "le code service et le numéro d’engagement à reprendre sur le mandat. Le règlement se fait par virement du "
        "comptable public, à 30 jours.",
        "instructions_en": "Pass this summary on to your finance department: it carries the reference, the SIRET, the "
        "service code and the commitment number. The public accountant pays by transfer within 30 days.",
        "shown_details": ["payee", "seller_siret", "iban", "bic", "buyer_siret", "service_code", "commitment_number"],
        "online": False,
        "confirms_seat": True,
        "starts_subscription": True,
        "hold_minutes": None,
        "payment_days": 30,
        "grace_days": 15,
        "required_fields": ["organisation", "siret"],
        "optional_fields": ["service_code", "commitment_number"],
        "closes_days_before": 0,
        "reference_label": "Numéro du mandat",
    },
    {
        "code": "cheque",
        "position": 3,
        "name": "Chèque bancaire",
        "name_en": "Cheque",
        "summary": "Vous recevez l’ordre et l’adresse. Les places sont confirmées ; le chèque est attendu sous 15 jours.",
        "summary_en": "You receive the payee and the address. Seats are confirmed; the cheque is awaited within 15 days.",
        "delay_label": "sous 15 jours",
        "delay_label_en": "within 15 days",
        "instructions": "Établissez le chèque à l’ordre indiqué ci-dessous, écrivez la référence de la commande "
        "au dos, et envoyez-le à l’adresse indiquée.",
        "instructions_en": "Make the cheque out to the payee below, write the order reference on the back, and send it "
        "to the address below.",
        "shown_details": ["payee", "address"],
        "online": False,
        "confirms_seat": True,
        "starts_subscription": False,
        "hold_minutes": None,
        "payment_days": 15,
        "grace_days": 10,
        "required_fields": [],
        "optional_fields": [],
        "closes_days_before": 5,
        "reference_label": "Numéro du chèque",
    },
    {
        "code": "transfer",
        "position": 4,
        "name": "Virement",
        "name_en": "Bank transfer",
        "summary": "Vous recevez le RIB et une référence à rappeler. Les places sont confirmées ; "
        "le virement est attendu sous 10 jours.",
        "summary_en": "You receive our bank details and a reference. Seats are confirmed; the transfer is awaited "
        "within 10 days.",
        "delay_label": "sous 10 jours",
        "delay_label_en": "within 10 days",
        "instructions": "Faites le virement sur le compte indiqué ci-dessous et rappelez la référence de la commande "
        "dans le libellé.",
        "instructions_en": "Transfer the amount to the account below and quote the order reference.",
        "shown_details": ["payee", "iban", "bic"],
        "online": False,
        "confirms_seat": True,
        "starts_subscription": False,
        "hold_minutes": None,
        "payment_days": 10,
        "grace_days": 5,
        "required_fields": [],
        "optional_fields": [],
        "closes_days_before": 3,
        "reference_label": "Référence du virement",
    },
]


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def upgrade() -> None:
    op.bulk_insert(_table("roles"), [{"name": name, "description": text} for name, text in ROLES.items()])
    op.bulk_insert(_table("content_versions"), [{"scope": scope, "version": 1} for scope in SCOPES])
    op.bulk_insert(_table("payment_methods"), [{**method, "enabled": True} for method in METHODS])


def downgrade() -> None:
    for name in ("users_roles", "payment_methods", "content_versions", "roles"):
        op.get_bind().execute(_table(name).delete())
