"""Tax that is invoiced and not paid yet waits on an account of its own."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_1330"
down_revision = "20261201_1320"
branch_labels = None
depends_on = None

_WAITING = {"key": "waiting_vat", "number": "44574", "label": "TVA collectée en attente"}


def upgrade() -> None:
    accounts = sa.table("ledger_accounts", sa.column("key"), sa.column("number"), sa.column("label"))
    op.bulk_insert(accounts, [_WAITING])


def downgrade() -> None:
    op.execute("DELETE FROM ledger_accounts WHERE key = 'waiting_vat'")
