"""Rates have a name and a condition in English too; those of a new day are known."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0402"
down_revision = "20261201_0401"
branch_labels = None
depends_on = None

_RATES = sa.table(
    "rates",
    *(sa.column(name, sa.String) for name in ("name", "name_en", "condition", "condition_en")),
)
_NAMES = {
    "Abonné": "Subscriber",
    "Non-abonné": "Non-subscriber",
    "Élu": "Elected official",
    "Réservation anticipée": "Early bird",
    "Gratuit": "Free",
}
_CONDITIONS = {
    "Vérifié par nos soins": "Checked by us",
    "Élus locaux": "Local elected officials",
    "Sur invitation": "By invitation",
}


def upgrade() -> None:
    with op.batch_alter_table("rates") as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("condition_en", sa.String(length=200), server_default="", nullable=False))
    for name, english in _NAMES.items():
        op.execute(sa.update(_RATES).where(_RATES.c.name == name).values(name_en=english))
    for condition, english in _CONDITIONS.items():
        op.execute(sa.update(_RATES).where(_RATES.c.condition == condition).values(condition_en=english))


def downgrade() -> None:
    with op.batch_alter_table("rates") as batch_op:
        batch_op.drop_column("condition_en")
        batch_op.drop_column("name_en")
