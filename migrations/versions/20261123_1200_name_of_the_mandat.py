"""The English name of the mandat is its own, told in English after it: a purchase order is something else."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FORMER = "Public purchase order (mandat administratif)"
_NAME = "Mandat administratif (public-sector payment order)"
_METHODS = sa.table("payment_methods", sa.column("name_en", sa.String))


def upgrade() -> None:
    _rename(_FORMER, _NAME)


def downgrade() -> None:
    _rename(_NAME, _FORMER)


def _rename(before: str, after: str) -> None:
    """A name that the office changed stays."""
    op.execute(sa.update(_METHODS).where(_METHODS.c.name_en == before).values(name_en=after))
