"""Who reads under the contract of an institution: seats, invitations, domains, managers, and how much is read."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "20261130_2201"
down_revision = "20261130_2113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readerships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readerships")),
    )
    op.create_table(
        "readership_managers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("readership_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _of_readership("readership_managers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readership_managers")),
        sa.UniqueConstraint("readership_id", "email", name=op.f("uq_readership_managers_readership_id_email")),
        sa.UniqueConstraint("secret", name=op.f("uq_readership_managers_secret")),
    )
    op.create_index(op.f("ix_readership_managers_email"), "readership_managers", ["email"])
    op.create_table(
        "readership_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("readership_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_active_on", sa.Date(), nullable=True),
        sa.CheckConstraint("sends BETWEEN 0 AND 5", name=op.f("ck_readership_members_sends_within_limit")),
        _of_readership("readership_members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readership_members")),
        sa.UniqueConstraint("readership_id", "email", name=op.f("uq_readership_members_readership_id_email")),
        sa.UniqueConstraint("secret", name=op.f("uq_readership_members_secret")),
    )
    op.create_index(op.f("ix_readership_members_email"), "readership_members", ["email"])
    op.create_index(
        op.f("ix_readership_members_joined_at_invited_at"), "readership_members", ["joined_at", "invited_at"]
    )
    op.create_index(op.f("ix_readership_members_removed_at"), "readership_members", ["removed_at"])
    op.create_table(
        "contract_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_seats_contract_id_contracts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["readership_members.id"],
            name=op.f("fk_contract_seats_member_id_readership_members"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_seats")),
        sa.UniqueConstraint("contract_id", "member_id", name=op.f("uq_contract_seats_contract_id_member_id")),
    )
    op.create_index(op.f("ix_contract_seats_member_id"), "contract_seats", ["member_id"])
    op.create_table(
        "readership_domains",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("readership_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("asked_email", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.CheckConstraint("wrong_codes BETWEEN 0 AND 5", name=op.f("ck_readership_domains_wrong_codes_within_limit")),
        _of_readership("readership_domains"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readership_domains")),
        sa.UniqueConstraint("readership_id", "domain", name=op.f("uq_readership_domains_readership_id_domain")),
        sa.UniqueConstraint("secret", name=op.f("uq_readership_domains_secret")),
    )
    op.create_table(
        "readership_reads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("readership_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        _of_readership("readership_reads"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readership_reads")),
        sa.UniqueConstraint("readership_id", "month", name=op.f("uq_readership_reads_readership_id_month")),
    )
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.add_column(sa.Column("readership_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("seats_taken", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("readers_chosen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_contracts_readership_id_readerships"), "readerships", ["readership_id"], ["id"]
        )
        batch_op.create_check_constraint(op.f("ck_contracts_seats_within_readers"), "seats_taken BETWEEN 0 AND readers")
        batch_op.create_index(op.f("ix_contracts_readership_id"), ["readership_id"])
    _found_those_there_are()
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.alter_column("seats_taken", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.drop_index(op.f("ix_contracts_readership_id"))
        batch_op.drop_constraint(op.f("ck_contracts_seats_within_readers"), type_="check")
        batch_op.drop_constraint(op.f("fk_contracts_readership_id_readerships"), type_="foreignkey")
        batch_op.drop_column("readers_chosen_at")
        batch_op.drop_column("seats_taken")
        batch_op.drop_column("readership_id")
    for table in (
        "readership_reads", "readership_domains", "contract_seats", "readership_members", "readership_managers",
        "readerships",
    ):  # fmt: skip
        op.drop_table(table)


def _of_readership(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["readership_id"], ["readerships.id"], name=op.f(f"fk_{table}_readership_id_readerships"), ondelete="CASCADE"
    )


def _found_those_there_are() -> None:
    """Give the contracts of institutions that have begun their people: whoever bought them manages, and reads on."""
    number, text, moment = sa.Integer(), sa.String(), sa.DateTime(timezone=True)
    contracts = sa.table(
        "contracts", sa.column("id", number), sa.column("renews_id", number), sa.column("readers", number),
        sa.column("email", text), sa.column("locale", text), sa.column("created_at", moment),
        sa.column("starts_on", sa.Date()), sa.column("status", text), sa.column("readership_id", number),
        sa.column("seats_taken", number),
    )  # fmt: skip
    readerships = sa.table("readerships", sa.column("id", number), sa.column("created_at", moment))
    managers = sa.table(
        "readership_managers", sa.column("readership_id", number), sa.column("email", text), sa.column("secret", text),
        sa.column("locale", text), sa.column("added_at", moment),
    )  # fmt: skip
    members = sa.table(
        "readership_members", sa.column("id", number), sa.column("readership_id", number), sa.column("email", text),
        sa.column("name", text), sa.column("secret", text), sa.column("locale", text), sa.column("sends", number),
        sa.column("joined_at", moment),
    )  # fmt: skip
    seats = sa.table("contract_seats", sa.column("contract_id", number), sa.column("member_id", number))
    connection = op.get_bind()
    people: dict[int, tuple[int, int]] = {}
    begun = sa.and_(contracts.c.starts_on.is_not(None), contracts.c.status != "cancelled", contracts.c.email != "")
    # A renewal is written after what it renews.
    for row in connection.execute(sa.select(contracts).where(begun).order_by(contracts.c.id)).all():
        if row.renews_id not in people and row.readers == 1:
            continue
        if row.renews_id in people:
            people[row.id] = people[row.renews_id]
        else:
            made = len(set(people.values())) + 1
            connection.execute(sa.insert(readerships).values(id=made, created_at=row.created_at))
            known = {"readership_id": made, "email": row.email, "locale": row.locale}
            connection.execute(
                sa.insert(managers).values(**known, secret=secrets.token_urlsafe(24), added_at=row.created_at)
            )
            connection.execute(
                sa.insert(members).values(
                    id=made, **known, name="", secret=secrets.token_urlsafe(24), sends=0, joined_at=row.created_at
                )
            )
            people[row.id] = (made, made)
        readership_id, member_id = people[row.id]
        connection.execute(sa.insert(seats).values(contract_id=row.id, member_id=member_id))
        connection.execute(
            sa.update(contracts).where(contracts.c.id == row.id).values(readership_id=readership_id, seats_taken=1)
        )
    if people and connection.dialect.name == "postgresql":
        for table in ("readerships", "readership_members"):
            connection.execute(
                sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
            )
