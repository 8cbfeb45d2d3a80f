"""Categories of tax with dated rates; what a price is made of; an order's line by tax."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_1720"
down_revision = "20261130_1700"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
#: The rates of today, since the law of finance that set the latest of them.
_SINCE = date(2014, 1, 1)
_EXEMPTION = ("Exonération de TVA, art. 261-4-4° a du CGI", "VATEX-FR-CGI261-4")
#: Code, names, kind and rate in hundredths of a percent.
_CATEGORIES = (
    ("standard", "Taux normal", "Standard rate", "standard", 2000),
    ("intermediate", "Taux intermédiaire : repas, hébergement", "Intermediate rate: meals, lodging", "reduced", 1000),
    ("reduced", "Taux réduit : livres", "Reduced rate: books", "reduced", 550),
    ("press", "Presse inscrite (CPPAP)", "Registered press", "press", 210),
    ("overseas", "Taux normal, Guadeloupe, Martinique, Réunion", "Standard rate, French overseas", "standard", 850),
    ("overseas-press", "Presse, Guadeloupe, Martinique, Réunion", "Press, French overseas", "press", 105),
    ("exempt-training", "Exonéré, formation professionnelle", "Exempt, vocational training", "exempt", 0),
)
_categories = sa.table(
    "vat_categories",
    *(
        sa.column(name)
        for name in ("code", "name", "name_en", "kind", "exemption", "exemption_code", "position", "version")
    ),
)
_rates = sa.table("vat_rates", sa.column("category_code"), sa.column("valid_from", sa.Date()), sa.column("rate"))


def upgrade() -> None:
    _create_categories()
    codes = _first_rows()
    for table, owner, reference in (
        ("plan_components", "plans", "plan_id"),
        ("rate_components", "rates", "rate_id"),
    ):
        _create_components(table, owner, reference)
        _one_component_each(table, owner, reference, codes)
    _create_parts()
    _one_part_each(codes)
    _invoice_lines()
    _quotes(codes)
    with op.batch_alter_table("plans") as batch_op:
        batch_op.drop_column("vat_rate")
    with op.batch_alter_table("rates") as batch_op:
        batch_op.drop_constraint(op.f("ck_rates_vat_rate_bounds"), type_="check")
        batch_op.drop_column("vat_rate")
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.drop_column("vat_rate")
    with op.batch_alter_table("invoice_terms") as batch_op:
        batch_op.drop_column("exemption")
        batch_op.drop_column("exemption_code")


def _create_categories() -> None:
    op.create_table(
        "vat_categories",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("exemption", sa.String(length=300), nullable=False),
        sa.Column("exemption_code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'exempt') = (exemption_code <> '')", name=op.f("ck_vat_categories_exempt_says_why")
        ),
        sa.CheckConstraint(
            "(kind = 'exempt') = (exemption <> '')", name=op.f("ck_vat_categories_exempt_has_its_sentence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vat_categories")),
        sa.UniqueConstraint("code", name=op.f("uq_vat_categories_code")),
    )
    op.create_table(
        "vat_rates",
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name=op.f("ck_vat_rates_rate_bounds")),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["vat_categories.code"],
            name=op.f("fk_vat_rates_category_code_vat_categories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vat_rates")),
        sa.UniqueConstraint("category_code", "valid_from", name=op.f("uq_vat_rates_category_code_valid_from")),
    )


def _first_rows() -> dict[int, str]:
    """Write the categories there are, and one for each other rate that something was sold at; rate → code."""
    database = op.get_bind()
    said = database.execute(sa.text("SELECT exemption, exemption_code FROM invoice_terms ORDER BY id")).first()
    exemption = tuple(said) if said and all(said) else _EXEMPTION
    rows = list(_CATEGORIES)
    known = {rate: code for code, _name, _english, _kind, rate in rows}
    sold = database.execute(
        sa.text("SELECT vat_rate FROM plans UNION SELECT vat_rate FROM rates UNION SELECT vat_rate FROM order_lines")
    )
    for rate in sorted(set(sold.scalars()) - set(known)):
        rows.append((f"rate-{rate}", f"Taux {rate / 100:.2f} %".replace(".", ","), "", "reduced", rate))
        known[rate] = f"rate-{rate}"
    op.bulk_insert(
        _categories,
        [
            {
                "code": code,
                "name": name,
                "name_en": english,
                "kind": kind,
                "exemption": exemption[0] if kind == "exempt" else "",
                "exemption_code": exemption[1] if kind == "exempt" else "",
                "position": position,
                "version": 1,
            }
            for position, (code, name, english, kind, _rate) in enumerate(rows, start=1)
        ],
    )
    op.bulk_insert(
        _rates,
        [{"category_code": code, "valid_from": _SINCE, "rate": rate} for code, _name, _english, _kind, rate in rows],
    )
    return known


def _create_components(table: str, owner: str, reference: str) -> None:
    op.create_table(
        table,
        sa.Column(reference, sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents >= 0", name=op.f(f"ck_{table}_cents_positive")),
        sa.ForeignKeyConstraint(
            ["category"], ["vat_categories.code"], name=op.f(f"fk_{table}_category_vat_categories")
        ),
        sa.ForeignKeyConstraint(
            [reference], [f"{owner}.id"], name=op.f(f"fk_{table}_{reference}_{owner}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(reference, "position", name=op.f(f"uq_{table}_{reference}_position")),
    )
    op.create_index(op.f(f"ix_{table}_category"), table, ["category"])


def _one_component_each(table: str, owner: str, reference: str, codes: dict[int, str]) -> None:
    for rate, code in codes.items():
        op.get_bind().execute(
            sa.text(
                f"INSERT INTO {table} ({reference}, position, label, cents, category) "  # noqa: S608 - our own names
                f"SELECT id, 1, '', price_cents, :code FROM {owner} WHERE vat_rate = :rate"
            ),
            {"code": code, "rate": rate},
        )


def _create_parts() -> None:
    op.create_table(
        "order_line_vat_parts",
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("exemption", sa.String(length=300), nullable=False),
        sa.Column("exemption_code", sa.String(length=40), nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate BETWEEN 0 AND 10000", name=op.f("ck_order_line_vat_parts_rate_bounds")),
        sa.CheckConstraint("unit_price_cents >= 0", name=op.f("ck_order_line_vat_parts_price_positive")),
        sa.CheckConstraint("total_cents >= 0", name=op.f("ck_order_line_vat_parts_total_positive")),
        sa.ForeignKeyConstraint(
            ["category"], ["vat_categories.code"], name=op.f("fk_order_line_vat_parts_category_vat_categories")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_order_line_vat_parts_order_line_id_order_lines"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line_vat_parts")),
        sa.UniqueConstraint("order_line_id", "position", name=op.f("uq_order_line_vat_parts_order_line_id_position")),
    )
    op.create_index(op.f("ix_order_line_vat_parts_category"), "order_line_vat_parts", ["category"])


def _one_part_each(codes: dict[int, str]) -> None:
    for rate, code in codes.items():
        op.get_bind().execute(
            sa.text(
                "INSERT INTO order_line_vat_parts (order_line_id, position, label, category, rate, exemption, "
                "exemption_code, unit_price_cents, total_cents) "
                "SELECT line.id, 1, '', category.code, line.vat_rate, category.exemption, category.exemption_code, "
                "line.unit_price_cents, line.total_cents "
                "FROM order_lines line JOIN vat_categories category ON category.code = :code "
                "WHERE line.vat_rate = :rate"
            ),
            {"code": code, "rate": rate},
        )


def _invoice_lines() -> None:
    """Each invoiced a whole line of its order; what bore no tax did so for the reason of its own invoice."""
    with op.batch_alter_table("invoice_lines") as batch_op:
        batch_op.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("exemption_code", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("invoice_lines") as batch_op:
        batch_op.alter_column("part", server_default=None, existing_type=sa.Integer())
        batch_op.alter_column("exemption_code", server_default=None, existing_type=sa.String(length=40))
    database = op.get_bind()
    invoices = sa.table("invoices", sa.column("id"), sa.column("content", _JSON))
    exempt = sa.table("invoice_lines", sa.column("invoice_id"), sa.column("vat_rate"), sa.column("exemption_code"))
    rows = database.execute(
        sa.select(invoices.c.id, invoices.c.content).where(
            invoices.c.id.in_(sa.select(exempt.c.invoice_id).where(exempt.c.vat_rate == 0))
        )
    ).all()
    for key, content in rows:
        database.execute(
            sa.update(exempt)
            .where(exempt.c.invoice_id == key, exempt.c.vat_rate == 0)
            .values(exemption_code=content["terms"].get("exemption_code", ""))
        )


def _quotes(codes: dict[int, str]) -> None:
    """What was promised at a rate of tax is promised in the category of that rate."""
    database = op.get_bind()
    quotes = sa.table("quotes", sa.column("id"), sa.column("prices", _JSON))
    for key, prices in database.execute(sa.select(quotes.c.id, quotes.c.prices)).all():
        told = json.loads(json.dumps(prices))
        for row in told:
            code = codes.get(row.pop("vat_rate", 2000), "standard")
            row["components"] = [{"label": "", "category": code, "cents": row["unit_price_cents"]}]
        database.execute(sa.update(quotes).where(quotes.c.id == key).values(prices=told))


def downgrade() -> None:
    """What is split goes back to the rate of its main part, as one rate is all that there was room for."""
    with op.batch_alter_table("invoice_terms") as batch_op:
        batch_op.add_column(sa.Column("exemption", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("exemption_code", sa.String(length=40), nullable=False, server_default=""))
    for table in ("plans", "rates", "order_lines"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("vat_rate", sa.Integer(), nullable=False, server_default="2000"))
    latest = (
        "(SELECT rate FROM vat_rates WHERE category_code = part.category AND valid_from <= CURRENT_DATE "
        "ORDER BY valid_from DESC LIMIT 1)"
    )
    for owner, table, reference, rate in (
        ("plans", "plan_components", "plan_id", latest),
        ("rates", "rate_components", "rate_id", latest),
        ("order_lines", "order_line_vat_parts", "order_line_id", "part.rate"),
    ):
        op.execute(
            f"UPDATE {owner} SET vat_rate = coalesce((SELECT {rate} FROM {table} part "  # noqa: S608 - our own names
            f"WHERE part.{reference} = {owner}.id AND part.position = 1), 2000)"
        )
    with op.batch_alter_table("rates") as batch_op:
        batch_op.create_check_constraint(op.f("ck_rates_vat_rate_bounds"), "vat_rate >= 0 AND vat_rate <= 10000")
    with op.batch_alter_table("invoice_lines") as batch_op:
        batch_op.drop_column("exemption_code")
        batch_op.drop_column("part")
    for table in ("order_line_vat_parts", "rate_components", "plan_components", "vat_rates", "vat_categories"):
        op.drop_table(table)
