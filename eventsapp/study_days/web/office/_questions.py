"""What the organiser asks whoever registers, and what was answered how often."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import refusals
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.web.forms import QuestionForm
from eventsapp.study_days.web.forms._questions import KINDS, SCOPES
from eventsapp.study_days.web.office._blueprint import blueprint, managed, page


@blueprint.route("/journees/<slug>/questions/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def questions(slug: str) -> ResponseReturnValue:
    """List what is asked and count the answers; ask one more question."""
    day = managed(slug)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _page(day, form), 422 if form.errors else 200
    try:
        study_days.add_question(day, text=form.text(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(day, form), refusal.status
    flash(_("La question est posée : elle paraît sur le formulaire d’inscription."), "success")
    return redirect(url_for(".questions", slug=day.slug), 303)


@blueprint.route("/journees/<slug>/questions/<int:question_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def question(slug: str, question_id: int) -> ResponseReturnValue:
    """Change how a question is asked."""
    day = managed(slug)
    found = _question(day, question_id)
    form = QuestionForm(data=QuestionForm.of(found))
    answered = bool(registrations.answered([found.id]))
    if not form.validate_on_submit():
        return page("question", day, form=form, question=found, answered=answered), 422 if form.errors else 200
    try:
        study_days.edit_question(day, found, text=form.text(), answered=answered, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return page("question", day, form=form, question=found, answered=answered), refusal.status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".questions", slug=day.slug), 303)


@blueprint.post("/journees/<slug>/questions/<int:question_id>/deplacer/")
@requires(Permission.STUDY_DAYS_EDIT)
def move_question(slug: str, question_id: int) -> ResponseReturnValue:
    """Move a question up or down."""
    day = managed(slug)
    by = -1 if request.form.get("vers") == "haut" else 1
    study_days.move_question(day, _question(day, question_id), by=by, actor=current_user, now=clock.now())
    return redirect(url_for(".questions", slug=day.slug), 303)


@blueprint.post("/journees/<slug>/questions/<int:question_id>/retirer/")
@requires(Permission.STUDY_DAYS_EDIT)
def retire_question(slug: str, question_id: int) -> ResponseReturnValue:
    """Ask a question no more; without an answer it goes."""
    day = managed(slug)
    gone = study_days.retire_question(day, _question(day, question_id), actor=current_user, now=clock.now())
    if gone:
        flash(_("La question est supprimée ; personne n’y avait répondu."), "success")
    else:
        flash(_("La question n’est plus posée ; les réponses données restent."), "success")
    return redirect(url_for(".questions", slug=day.slug), 303)


@blueprint.post("/journees/<slug>/questions/<int:question_id>/reposer/")
@requires(Permission.STUDY_DAYS_EDIT)
def ask_again(slug: str, question_id: int) -> ResponseReturnValue:
    """Ask a retired question again."""
    day = managed(slug)
    study_days.ask_again(day, _question(day, question_id), actor=current_user, now=clock.now())
    flash(_("La question est de nouveau posée."), "success")
    return redirect(url_for(".questions", slug=day.slug), 303)


def _page(day: StudyDay, form: QuestionForm) -> str:
    all_questions = queries.questions_of(day.id)
    sees = may(Permission.REGISTRATIONS_VIEW)
    seen = [each for each in all_questions if not each.sensitive or may(Permission.REGISTRATIONS_NEEDS)]
    counts = {count.question.id: count for count in registrations.answer_counts(seen)} if sees and seen else {}
    return page(
        "questions",
        day,
        form=form,
        questions=[each for each in all_questions if each.retired_at is None],
        retired=[each for each in all_questions if each.retired_at is not None],
        counts=counts,
        kinds=KINDS,
        scopes=SCOPES,
    )


def _question(day: StudyDay, question_id: int) -> Question:
    return queries.question_of(day.id, question_id) or abort(404)
