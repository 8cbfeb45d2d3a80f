"""« Comptabilité »: tax by rate, revenue by product and method, the entries of a period, the accounts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wsgi import wrap_file

from eventsapp.accounts.access import Permission, requires
from eventsapp.books import queries, rules, service
from eventsapp.books.models import LedgerAccount
from eventsapp.books.values import Row
from eventsapp.books.web.forms import accounts_form, drafts, vat_drafts, vat_name
from eventsapp.core import clock, i18n, settings
from eventsapp.core.errors import Refusal
from eventsapp.invoices import queries as invoices
from eventsapp.office import refusals
from eventsapp.office.period import Period, asked_period, period_mistakes
from eventsapp.papers import tables
from eventsapp.payments import queries as payments

blueprint = Blueprint("books_office", __name__, url_prefix="/organisation/comptabilite")

_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


class VatLine(NamedTuple):
    """A rate, what was invoiced at it and what became due; amounts before tax and tax in cents."""

    label: str
    invoiced_net: int
    invoiced_vat: int
    due_net: int
    due_vat: int


@blueprint.get("/")
@requires(Permission.PAYMENTS_RECORD)
def books() -> ResponseReturnValue:
    """Show the sums of a period."""
    period = asked_period()
    methods = payments.method_names()
    return render_template(
        "books/office/books.html",
        period=period,
        mistakes=period_mistakes(),
        rates=_vat(period),
        on_debits=invoices.terms().vat_on_debits,
        products=queries.revenue_by_product(*period),
        ordered=queries.revenue_by_method(*period, methods=methods),
        methods=queries.money_by_method(*period, methods=methods),
    )


@blueprint.get(
    "/<any('tva', 'tva-exigible-detail', produits, 'commandes-par-mode', modes):table>.<any(xlsx, csv):ending>"
)
@requires(Permission.PAYMENTS_RECORD)
def summary(table: str, ending: str) -> ResponseReturnValue:
    """Give a table of the page as a file."""
    period = asked_period()
    columns, rows = _table(table, period)
    name = f"{table}-{period.first}-{period.last}.{ending}"
    if ending == "csv":
        response = Response(stream_with_context(tables.csv_chunks(columns, rows)), mimetype=_TYPES[ending])
    else:
        sheet = tables.xlsx_file(columns, rows, sheet=table)
        response = Response(wrap_file(request.environ, sheet), mimetype=_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/ecritures.txt")
@requires(Permission.PAYMENTS_RECORD)
def fec() -> ResponseReturnValue:
    """Give the entries of the period in the columns of the FEC, named as the law has it, a thousand at a time."""
    period = asked_period()
    lines = rules.fec_rows(queries.entries(*period), queries.chart())
    response = Response(stream_with_context(_encoded(lines)), content_type=f"text/plain; charset={rules.FEC_ENCODING}")
    response.headers.set("Content-Disposition", "attachment", filename=f"{_siren()}FEC{period.last:%Y%m%d}.txt")
    return response


@blueprint.get("/ecritures-description.txt")
@requires(Permission.PAYMENTS_RECORD)
def fec_description() -> ResponseReturnValue:
    """Give the description that the law wants beside the file (LPF art. A47 A-1, XI)."""
    response = Response(
        render_template("books/office/fec.txt", columns=rules.FEC_COLUMNS, journals=rules.JOURNALS, siren=_siren()),
        mimetype="text/plain",
    )
    response.headers.set("Content-Disposition", "attachment", filename=f"{_siren()}FEC-description.txt")
    return response


@blueprint.route("/comptes/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def accounts() -> ResponseReturnValue:
    """Number the accounts."""
    rows, vat = queries.accounts(), queries.vat_accounts()
    form = accounts_form(rows, vat)
    if not form.validate_on_submit():
        return _accounts_page(form, rows, vat), 422 if form.errors else 200
    try:
        service.save_accounts(drafts(form), vat_drafts(form, vat), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _accounts_page(form, rows, vat), refusal.status
    flash(_("Les comptes sont enregistrés."), "success")
    return redirect(url_for(".accounts"), 303)


def _accounts_page(form: FlaskForm, rows: Sequence[LedgerAccount], rates: Iterable[int]) -> str:
    uses = {vat_name(rate): _("TVA à %(rate)s", rate=i18n.percent(rate)) for rate in rates}
    return render_template(
        "books/office/accounts.html",
        rows=[*({"key": row.key.value} for row in rows), *({"key": name} for name in uses)],
        vat_uses=uses,
        form=form,
    )


def _vat(period: Period) -> list[VatLine]:
    invoiced, due = dict(queries.vat_by_rate(*period)), dict(queries.vat_due_by_rate(*period))
    nothing = Row(label="", net_cents=0, vat_cents=0, gross_cents=0)
    return [
        VatLine(
            label=invoiced.get(rate, due.get(rate, nothing)).label,
            invoiced_net=invoiced.get(rate, nothing).net_cents,
            invoiced_vat=invoiced.get(rate, nothing).vat_cents,
            due_net=due.get(rate, nothing).net_cents,
            due_vat=due.get(rate, nothing).vat_cents,
        )
        for rate in sorted({*invoiced, *due}, reverse=True)
    ]


def _table(table: str, period: Period) -> tuple[Sequence[tables.Column], Iterable[tables.Row]]:
    if table == "tva":
        return _columns(
            ("label", _("Taux")),
            ("invoiced_net", _("Facturé HT")),
            ("invoiced_vat", _("TVA facturée")),
            ("due_net", _("Exigible HT")),
            ("due_vat", _("TVA exigible")),
        ), [line._asdict() for line in _vat(period)]
    if table == "tva-exigible-detail":
        return [
            tables.Column("order", _("Commande"), width=22),
            tables.Column("customer", _("Client"), width=40),
            tables.Column("rate", _("Taux")),
            *_columns(("net", _("Exigible HT")), ("vat", _("TVA exigible"))),
        ], (
            {
                "order": line.order,
                "customer": line.customer,
                "rate": i18n.vat_rate(line.rate),
                "net": line.net_cents,
                "vat": line.vat_cents,
            }
            for line in queries.vat_due_lines(*period)
        )
    if table == "modes":
        return _columns(
            ("label", _("Mode")), ("came", _("Encaissé")), ("went", _("Rendu ou rejeté")), ("left", _("Net"))
        ), [
            {"label": label, "came": came, "went": went, "left": came - went}
            for label, came, went in queries.money_by_method(*period, methods=payments.method_names())
        ]
    by_product = table == "produits"
    lines = (
        queries.revenue_by_product(*period)
        if by_product
        else queries.revenue_by_method(*period, methods=payments.method_names())
    )
    return _columns(
        ("label", _("Produit") if by_product else _("Mode")), ("net", _("HT")), ("vat", _("TVA")), ("gross", _("TTC"))
    ), [{"label": row.label, "net": row.net_cents, "vat": row.vat_cents, "gross": row.gross_cents} for row in lines]


def _columns(*named: tuple[str, str]) -> list[tables.Column]:
    """Return columns of amounts; one called « label » holds words."""
    return [
        tables.Column(key, label, width=40) if key == "label" else tables.Column(key, label, tables.Kind.MONEY_CENTS)
        for key, label in named
    ]


def _siren() -> str:
    return settings.current().seller.siret[:9] or "SIREN"


def _encoded(lines: Iterator[list[str]]) -> Iterator[bytes]:
    yield _line(rules.FEC_COLUMNS)
    for line in lines:
        yield _line([tables.neutralised(cell) for cell in line])


def _line(cells: Sequence[str]) -> bytes:
    return (rules.FEC_SEPARATOR.join(cells) + rules.FEC_END).encode(rules.FEC_ENCODING)
