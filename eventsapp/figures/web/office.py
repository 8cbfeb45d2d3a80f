"""Figures in the office: charts with their tables, and files of both."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock, i18n
from eventsapp.figures import queries, rules
from eventsapp.figures.statuses import ReadBy
from eventsapp.figures.values import ContractMonth, ConversionMonth, ReadMonth
from eventsapp.office import lists
from eventsapp.office.period import Period, asked_period, period_mistakes
from eventsapp.papers import tables
from eventsapp.subscriptions.queries import SOON

blueprint = Blueprint("figures_office", __name__, url_prefix="/organisation/chiffres")

_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@blueprint.get("/")
@requires(Permission.FIGURES_VIEW)
def figures() -> ResponseReturnValue:
    """Show what was read, how subscriptions went and what days led to, in the period that the address says."""
    period, within, today = _period(), _within(), clock.local_date(clock.now())
    reads = queries.reads_by_month(*period)
    contracts = queries.contracts_by_month(*period, today=today)
    conversion = queries.conversion_by_month(*period, within=within, today=today)
    return render_template(
        "figures/office/figures.html",
        period=period,
        mistakes=period_mistakes(),
        within=within,
        withins=rules.WITHIN_MONTHS,
        most_months=rules.MOST_MONTHS,
        reads=reads,
        read_words=queries.READ_WORDS,
        most_read=queries.most_read(*period),
        contracts=contracts,
        soon=SOON,
        conversion=conversion,
        converted=ConversionMonth.together(conversion),
        bars=_bars,
        sees_money=may(Permission.PAYMENTS_RECORD),
    )


@blueprint.get("/lectures/<first>/<last>/")
@requires(Permission.FIGURES_VIEW)
def reads(first: str, last: str) -> ResponseReturnValue:
    """List the articles that were read in a period, or give the file of them."""
    period = _of_address(first, last)
    return lists.answer(
        queries.read_list(*period),
        template="figures/office/reads.html",
        row_url=lambda row: url_for("magazine.article", slug=row.Article.slug),
        period=period,
    )


@blueprint.get("/<any(lectures, abonnements, conversion):table>.<any(xlsx, csv):ending>")
@requires(Permission.FIGURES_VIEW)
def export(table: str, ending: str) -> ResponseReturnValue:
    """Give one of the tables as a file."""
    columns, rows = _table(table, _period())
    name = f"{table}-{clock.local_date(clock.now())}.{ending}"
    if ending == "xlsx":
        sheet = tables.xlsx_file(columns, rows, sheet=table)
        return send_file(sheet, mimetype=_TYPES[ending], as_attachment=True, download_name=name)
    answer = Response(b"".join(tables.csv_chunks(columns, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _period() -> Period:
    """Return the period asked for, its last months where it has too many."""
    today = clock.local_date(clock.now())
    asked = asked_period(usual=Period(*rules.usual_period(today)))
    months = rules.months_of(*asked)
    return Period(max(asked.first, months[0]), asked.last)


def _of_address(first: str, last: str) -> Period:
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        abort(404)
    return period if period.first <= period.last else abort(404)


def _within() -> int:
    asked = request.args.get("mois", "")
    return next((months for months in rules.WITHIN_MONTHS if str(months) == asked), rules.WITHIN_MONTHS[1])


def _bars(rows: Sequence[ReadMonth | ContractMonth | ConversionMonth], name: str) -> list[tuple[str, str, int]]:
    """Return label, whole name and value of each month, as the chart draws them."""
    apart = rules.labels_every([row.month for row in rows])
    return [
        ("" if place % apart else i18n.month_short(row.month), i18n.month_year(row.month), getattr(row, name))
        for place, row in enumerate(rows)
    ]


def _table(table: str, period: Period) -> tuple[Sequence[tables.Column], Iterable[dict[str, Any]]]:
    today = clock.local_date(clock.now())
    month = tables.Column("month", _("Mois"))
    if table == "lectures":
        return [month, *_numbers(*((kind.value, str(word)) for kind, word in queries.READ_WORDS.items()))], [
            {"month": i18n.month_year(row.month)} | {kind.value: row.of(kind) for kind in ReadBy}
            for row in queries.reads_by_month(*period)
        ]
    names: Sequence[str]
    labels: Sequence[str]
    if table == "abonnements":
        names = ("new", "renewed", "ended", "at_risk")
        labels = (_("Nouveaux"), _("Renouvelés"), _("Terminés"), _("À risque"))
        found: Sequence[Any] = queries.contracts_by_month(*period, today=today)
    else:
        names = ("people", "had", "led")
        labels = (_("Participants"), _("Déjà abonnés"), _("Abonnés ensuite"))
        found = queries.conversion_by_month(*period, within=_within(), today=today)
    return [month, *_numbers(*zip(names, labels, strict=True))], [
        {"month": i18n.month_year(row.month)} | {name: getattr(row, name) for name in names} for row in found
    ]


def _numbers(*named: tuple[str, str]) -> list[tables.Column]:
    return [tables.Column(key, label, tables.Kind.INTEGER) for key, label in named]
