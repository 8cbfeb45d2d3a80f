"""What people thought of a day, in the office: results, the same as a file, and what is asked."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import refusals
from eventsapp.papers import tables
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.surveys import queries, rules, service
from eventsapp.surveys.values import Result
from eventsapp.surveys.web.forms import KINDS, SurveyForm
from eventsapp.waiting_list import queries as waiting_list

blueprint = Blueprint("surveys_office", __name__, url_prefix="/organisation/journees/<slug>/questionnaire")

_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@blueprint.get("/")
@requires(Permission.REGISTRATIONS_VIEW)
def results(slug: str) -> ResponseReturnValue:
    """Show what people answered together, once enough of them did."""
    day = _day(slug)
    return render_template(
        "surveys/office/results.html",
        results=queries.results(day.id),
        asked=queries.survey_of(day.id),
        fewest=rules.FEWEST_SHOWN,
        closes=day.local_end + rules.OPEN_FOR,
        **_frame(day),
    )


@blueprint.get("/resultats.<any(xlsx, csv):ending>")
@requires(Permission.REGISTRATIONS_VIEW)
def export(slug: str, ending: str) -> ResponseReturnValue:
    """Give the results as a file; nothing that tells who answered what."""
    day = _day(slug)
    rows = _rows(queries.results(day.id).questions)
    columns = [
        tables.Column("question", str(_("Question")), width=50),
        tables.Column("answer", str(_("Réponse")), width=50),
        tables.Column("count", str(_("Nombre")), kind=tables.Kind.INTEGER),
    ]
    name = f"questionnaire-{day.slug}.{ending}"
    if ending == "xlsx":
        sheet = tables.xlsx_file(columns, rows, sheet=str(_("Questionnaire")))
        return send_file(sheet, mimetype=_TYPES[ending], as_attachment=True, download_name=name)
    answer = Response(b"".join(tables.csv_chunks(columns, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.route("/questions/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def questions(slug: str) -> ResponseReturnValue:
    """Say whether people are asked, and what."""
    day = _day(slug)
    before = queries.survey_of(day.id)
    form = SurveyForm(data=SurveyForm.of(before.questions, enabled=before.enabled))
    if not form.validate_on_submit():
        return _questions_page(day, form), 422 if form.errors else 200
    try:
        service.save_survey(
            day,
            enabled=form.enabled.data,
            questions=form.wanted(before.questions),
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _questions_page(day, form), refusal.status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".questions", slug=slug), 303)


def _questions_page(day: StudyDay, form: SurveyForm) -> str:
    kinds = {each.code: KINDS[each.kind] for each in queries.survey_of(day.id).questions}
    return render_template("surveys/office/questions.html", form=form, kinds=kinds, **_frame(day))


def _rows(found: Any) -> Iterator[dict[str, object]]:
    each: Result
    for each in found:
        for answer, count in each.counts:
            yield {"question": each.question.label, "answer": answer, "count": count}
        for text in each.texts:
            yield {"question": each.question.label, "answer": text, "count": 1}


def _day(slug: str) -> StudyDay:
    return study_days.day_in_full(slug) or abort(404)


def _frame(day: StudyDay) -> dict[str, Any]:
    """Return what the frame of a day's pages asks for."""
    now = clock.now()
    return {
        "day": day,
        "standing": study_days.standing_in_office(day, now=now),
        "past": day.ends_at <= now,
        "waiting": waiting_list.totals_of([day.id]).get(day.id) if may(Permission.REGISTRATIONS_VIEW) else None,
    }
