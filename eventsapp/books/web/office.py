"""« Comptabilité »: tax by rate, revenue by product and method, the entries of a period, the accounts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wsgi import wrap_file

from eventsapp.accounts.access import Permission, requires
from eventsapp.books import queries, rules, service
from eventsapp.books.web.forms import accounts_form, drafts
from eventsapp.core import clock, settings
from eventsapp.papers import tables
from eventsapp.payments import queries as payments

blueprint = Blueprint("books_office", __name__, url_prefix="/organisation/comptabilite")

_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


class Period(NamedTuple):
    """From a day to a day, both included."""

    first: date
    last: date


@blueprint.get("/")
@requires(Permission.PAYMENTS_RECORD)
def books() -> ResponseReturnValue:
    """Show the sums of a period."""
    period = _period()
    return render_template(
        "books/office/books.html",
        period=period,
        rates=queries.vat_by_rate(*period),
        products=queries.revenue_by_product(*period),
        methods=queries.money_by_method(*period, methods=payments.method_names()),
    )


@blueprint.get("/<any(tva, produits, modes):table>.<any(xlsx, csv):ending>")
@requires(Permission.PAYMENTS_RECORD)
def summary(table: str, ending: str) -> ResponseReturnValue:
    """Give a table of the page as a file."""
    period = _period()
    columns, rows = _tables(period)[table]
    name = f"{table}-{period.first}-{period.last}.{ending}"
    if ending == "csv":
        response = Response(b"".join(tables.csv_chunks(columns, rows)), mimetype=_TYPES[ending])
    else:
        sheet = tables.xlsx_file(columns, rows, sheet=table)
        response = Response(wrap_file(request.environ, sheet), mimetype=_TYPES[ending])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/ecritures.txt")
@requires(Permission.PAYMENTS_RECORD)
def fec() -> ResponseReturnValue:
    """Give the entries of the period in the columns of the FEC, named as the law has it."""
    period = _period()
    lines = rules.fec_rows(queries.entries(*period), queries.account_numbers())
    response = Response(stream_with_context(_tabbed(lines)), mimetype="text/plain")
    siren = settings.current().seller.siret[:9] or "SIREN"
    response.headers.set("Content-Disposition", "attachment", filename=f"{siren}FEC{period.last:%Y%m%d}.txt")
    return response


@blueprint.route("/comptes/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def accounts() -> ResponseReturnValue:
    """Number the accounts."""
    rows = queries.accounts()
    form = accounts_form(rows)
    if not form.validate_on_submit():
        return render_template("books/office/accounts.html", rows=rows, form=form), 422 if form.errors else 200
    service.save_accounts(drafts(form), actor=current_user, now=clock.now())
    flash(_("Les comptes sont enregistrés."), "success")
    return redirect(url_for(".accounts"), 303)


def _period() -> Period:
    """Return the period asked for; the present year unless both of its ends make sense."""
    today = clock.local_date(clock.now())
    year = Period(date(today.year, 1, 1), date(today.year, 12, 31))
    asked = Period(_day("du", year.first), _day("au", year.last))
    return asked if asked.first <= asked.last else year


def _day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise


def _tables(period: Period) -> Mapping[str, tuple[Sequence[tables.Column], list[dict[str, object]]]]:
    money = tables.Kind.MONEY_CENTS
    sums = [
        tables.Column("net", _("HT"), money),
        tables.Column("vat", _("TVA"), money),
        tables.Column("gross", _("TTC"), money),
    ]
    wanted = str((request.view_args or abort(404))["table"])
    if wanted == "modes":
        found = queries.money_by_method(*period, methods=payments.method_names())
        columns = [
            tables.Column("label", _("Mode")),
            tables.Column("came", _("Encaissé"), money),
            tables.Column("went", _("Rendu ou rejeté"), money),
            tables.Column("left", _("Net"), money),
        ]
        rows: list[dict[str, object]] = [
            {"label": label, "came": came, "went": went, "left": came - went} for label, came, went in found
        ]
        return {wanted: (columns, rows)}
    by_rate = wanted == "tva"
    lines = [row for _rate, row in queries.vat_by_rate(*period)] if by_rate else queries.revenue_by_product(*period)
    head = tables.Column("label", _("Taux") if by_rate else _("Produit"), width=40)
    rows = [{"label": row.label, "net": row.net_cents, "vat": row.vat_cents, "gross": row.gross_cents} for row in lines]
    return {wanted: ([head, *sums], rows)}


def _tabbed(lines: Iterator[list[str]]) -> Iterator[str]:
    yield "\t".join(rules.FEC_COLUMNS) + "\r\n"
    for line in lines:
        yield "\t".join(tables.neutralised(cell) for cell in line) + "\r\n"
