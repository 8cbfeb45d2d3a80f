"""Reminders: steps by payment method, what was sent, pauses, and the rates of interest of public bodies."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_POLITE = (
    "Rappel de règlement",
    "Payment reminder",
    (
        "Sauf erreur de notre part, nous n’avons pas encore reçu votre règlement. Il s’agit sans doute d’un oubli : nous "
        "vous remercions de bien vouloir y remédier. Si votre règlement vient de partir, ne tenez pas compte de ce courrier."
    ),
    (
        "Unless we are mistaken, your payment has not reached us yet. It has probably been overlooked: we would be grateful "
        "if you could see to it. If your payment has just been sent, please disregard this letter."
    ),
)
_FIRM = (
    "Deuxième relance",
    "Second reminder",
    (
        "Notre premier rappel est resté sans réponse et le règlement n’est toujours pas parvenu. Nous vous demandons de le "
        "faire sans tarder. Si quelque chose s’y oppose, dites-le nous : nous chercherons avec vous une solution."
    ),
    (
        "Our first reminder has had no answer and the payment has still not arrived. Please make it without delay. If "
        "anything stands in the way, let us know: we will look for a solution with you."
    ),
)
_LAST = (
    "Dernière relance",
    "Last reminder",
    (
        "Malgré nos relances, le règlement ne nous est pas parvenu. Ceci est notre dernier rappel : sans règlement ni réponse "
        "de votre part sous huit jours, nous devrons engager le recouvrement de cette somme."
    ),
    (
        "Despite our reminders, the payment has not reached us. This is our last reminder: without payment or an answer "
        "within eight days, we shall have to start recovering this amount."
    ),
)
_LEVELS = (("polite", _POLITE), ("firm", _FIRM), ("last", _LAST))
_DAYS = {"cheque": ("due", (5, 20, 40)), "transfer": ("due", (5, 20, 40)), "mandat": ("invoice", (30, 45, 60))}
#: Main refinancing operations of the ECB on the first day of each half-year; the office types the following ones.
_ECB = {
    date(2024, 1, 1): 450,
    date(2024, 7, 1): 425,
    date(2025, 1, 1): 315,
    date(2025, 7, 1): 215,
    date(2026, 1, 1): 215,
}


def upgrade() -> None:
    steps = op.create_table(
        "reminder_steps",
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("title_en", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_reminder_steps_days_positive")),
        sa.CheckConstraint("step > 0", name=op.f("ck_reminder_steps_step_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_steps")),
        sa.UniqueConstraint("method", "step", name=op.f("uq_reminder_steps_method_step")),
    )
    op.create_table(
        "reminders",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_reminders_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["users.id"], name=op.f("fk_reminders_sent_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("order_id", "step", name=op.f("uq_reminders_order_id_step")),
    )
    op.create_index(op.f("ix_reminders_sent_by_id"), "reminders", ["sent_by_id"])
    op.create_table(
        "reminder_pauses",
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("customer", sa.String(length=254), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_reminder_pauses_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_pauses")),
    )
    op.create_index(op.f("ix_reminder_pauses_customer"), "reminder_pauses", ["customer"])
    op.create_index(op.f("ix_reminder_pauses_order_id"), "reminder_pauses", ["order_id"])
    rates = op.create_table(
        "interest_rates",
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ecb", sa.Integer(), nullable=False),
        sa.Column("margin", sa.Integer(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_rates")),
        sa.UniqueConstraint("since", name=op.f("uq_interest_rates_since")),
    )
    op.bulk_insert(
        steps,
        [
            {
                "method": method,
                "step": number,
                "counted_from": counted_from,
                "days": days[number - 1],
                "level": level,
                "title": words[0],
                "title_en": words[1],
                "text": words[2],
                "text_en": words[3],
            }
            for method, (counted_from, days) in _DAYS.items()
            for number, (level, words) in enumerate(_LEVELS, start=1)
        ],
    )
    op.bulk_insert(
        rates, [{"since": since, "ecb": ecb, "margin": 800, "fee_cents": 4000} for since, ecb in _ECB.items()]
    )


def downgrade() -> None:
    for name in ("interest_rates", "reminder_pauses", "reminders", "reminder_steps"):
        op.drop_table(name)
