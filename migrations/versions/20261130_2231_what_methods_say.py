"""What a payment method says is of the payment alone: what becomes of seats and subscriptions is said beside it.

A text that the office wrote itself stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_2231"
down_revision = "20261130_2222"
branch_labels = None
depends_on = None

#: Code and column → what it said first, what it says now.
_TEXTS = {
    ("mandat", "summary"): (
        (
            "Réservé aux organismes publics. Les places sont confirmées dès la commande ; la facture est à régler "
            "à 30 jours."
        ),
        "Réservé aux organismes publics. La facture est à régler à 30 jours.",
    ),
    ("mandat", "summary_en"): (
        "For French public bodies. Seats are confirmed with the order; the invoice is due in 30 days.",
        "For French public bodies. The invoice is due in 30 days.",
    ),
    ("mandat", "instructions"): (
        (
            "Transmettez ce récapitulatif à votre service financier : il y trouvera la référence, le SIRET, le code "
            "service et le numéro d’engagement à reprendre sur le mandat. Le règlement se fait par virement du comptable "
            "public, à 30 jours."
        ),
        (
            "Transmettez ce récapitulatif à votre service financier : il y trouvera ce qui est à reprendre sur le mandat. "
            "Le règlement se fait par virement du comptable public, à 30 jours."
        ),
    ),
    ("mandat", "instructions_en"): (
        (
            "Pass this summary on to your finance department: it carries the reference, the SIRET, the service code and "
            "the commitment number. The public accountant pays by transfer within 30 days."
        ),
        (
            "Pass this summary on to your finance department: it carries what the payment has to quote. The public "
            "accountant pays by transfer within 30 days."
        ),
    ),
    ("cheque", "summary"): (
        "Vous recevez l’ordre et l’adresse. Les places sont confirmées ; le chèque est attendu sous 15 jours.",
        "Vous recevez l’ordre et l’adresse. Le chèque est attendu sous 15 jours.",
    ),
    ("cheque", "summary_en"): (
        "You receive the payee and the address. Seats are confirmed; the cheque is awaited within 15 days.",
        "You receive the payee and the address. The cheque is awaited within 15 days.",
    ),
    ("transfer", "summary"): (
        (
            "Vous recevez le RIB et une référence à rappeler. Les places sont confirmées ; le virement est attendu sous "
            "10 jours."
        ),
        "Vous recevez le RIB et une référence à rappeler. Le virement est attendu sous 10 jours.",
    ),
    ("transfer", "summary_en"): (
        "You receive our bank details and a reference. Seats are confirmed; the transfer is awaited within 10 days.",
        "You receive our bank details and a reference. The transfer is awaited within 10 days.",
    ),
}


def upgrade() -> None:
    for (code, column), (before, after) in _TEXTS.items():
        _write(code, column, before, after)


def downgrade() -> None:
    for (code, column), (before, after) in _TEXTS.items():
        _write(code, column, after, before)


def _write(code: str, column: str, said: str, says: str) -> None:
    methods = sa.table("payment_methods", sa.column("code"), sa.column(column))
    op.execute(sa.update(methods).where(methods.c.code == code, methods.c[column] == said).values({column: says}))
