"""The hyphen of « dites-le-nous » in the second reminder, and the very rate that a public body owes for being late."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1300"
down_revision = "20261130_1200"
branch_labels = None
depends_on = None

_STEPS = sa.table("reminder_steps", sa.column("text", sa.Text))
_TERMS = sa.table("invoice_terms", sa.column("late_penalty_public", sa.Text))
_FORMER_HYPHEN, _HYPHEN = "dites-le nous", "dites-le-nous"
_FORMER_RATE = (
    "En cas de retard de paiement, des intérêts moratoires sont dus de plein droit au taux de la Banque centrale "
    "européenne majoré de huit points (Code de la commande publique, art. R2192-31)."
)
_RATE = (
    "En cas de retard de paiement, des intérêts moratoires sont dus de plein droit au taux de refinancement de la Banque "
    "centrale européenne majoré de huit points (Code de la commande publique, art. R2192-31)."
)


def upgrade() -> None:
    _reword(hyphen=(_FORMER_HYPHEN, _HYPHEN), rate=(_FORMER_RATE, _RATE))


def downgrade() -> None:
    _reword(hyphen=(_HYPHEN, _FORMER_HYPHEN), rate=(_RATE, _FORMER_RATE))


def _reword(*, hyphen: tuple[str, str], rate: tuple[str, str]) -> None:
    """A sentence that the office changed stays."""
    op.execute(
        sa.update(_STEPS)
        .where(_STEPS.c.text.contains(hyphen[0]))
        .values(text=sa.func.replace(_STEPS.c.text, hyphen[0], hyphen[1]))
    )
    op.execute(sa.update(_TERMS).where(_TERMS.c.late_penalty_public == rate[0]).values(late_penalty_public=rate[1]))
