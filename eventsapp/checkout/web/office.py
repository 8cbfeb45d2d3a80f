"""In the office: how far a day called off is, and the terms on which buyers cancel."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import Form, FormField, IntegerField
from wtforms.validators import NumberRange, Optional

from eventsapp.accounts.access import Permission, requires
from eventsapp.checkout import queries
from eventsapp.checkout import service as checkout
from eventsapp.core import clock, queue
from eventsapp.core.fields import Entries
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay

blueprint = Blueprint("checkout_office", __name__, url_prefix="/organisation")

#: Rows of the form for terms.
_ROWS = 4
_OUT_OF_RANGE = _l("Écrivez un nombre entier, de 0 à %(max)d.")


class StepForm(Form):
    """Until so many days before, so much is kept."""

    days = IntegerField(
        _l("Jours avant la journée"), validators=[Optional(), NumberRange(min=0, max=365, message=_OUT_OF_RANGE)]
    )
    percent = IntegerField(
        _l("Retenu, en %%"), validators=[Optional(), NumberRange(min=0, max=100, message=_OUT_OF_RANGE)]
    )


class TermsForm(FlaskForm):
    """What is kept of buyers who cancel, by the days left."""

    steps = Entries(FormField(StepForm), min_entries=_ROWS, max_entries=_ROWS)

    def pairs(self) -> list[tuple[int, int]]:
        """Return the rows that are filled in; an empty percent is none."""
        return [(row["days"], row["percent"] or 0) for row in self.steps.data if row["days"] is not None]


@blueprint.get("/journees/<slug>/annulation/")
@requires(Permission.ORDERS_VIEW)
def day_cancellation(slug: str) -> ResponseReturnValue:
    """Show how far the orders of a day that was called off are."""
    day = _day(slug)
    progress = queries.progress_of(day) or abort(404)
    return render_template("checkout/office/day_cancellation.html", day=day, progress=progress)


@blueprint.post("/journees/<slug>/annulation/")
@requires(Permission.ORDERS_CANCEL)
def go_on(slug: str) -> ResponseReturnValue:
    """Have the worker go on now, after whatever stopped it."""
    day = _day(slug)
    queue.nudge("days.cancel")
    queue.nudge("payments.refund")
    flash(_("C’est reparti : la page se met à jour."), "success")
    return redirect(url_for(".day_cancellation", slug=day.slug), 303)


@blueprint.route("/conditions-d-annulation/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def terms() -> ResponseReturnValue:
    """Edit the terms of all days that have none of their own."""
    return _edit_terms(None)


@blueprint.route("/journees/<slug>/conditions-d-annulation/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def terms_of_day(slug: str) -> ResponseReturnValue:
    """Edit the terms of one day; left empty, it has those of all."""
    return _edit_terms(_day(slug))


def _edit_terms(day: StudyDay | None) -> ResponseReturnValue:
    kept = queries.cancellation_terms(day.id if day else None)
    shown = [{"days": days, "percent": percent} for days, percent in kept.steps] if kept else []
    form = TermsForm(steps=[*shown, *([{}] * (_ROWS - len(shown)))])
    if not form.validate_on_submit():
        page = render_template("checkout/office/terms.html", day=day, form=form)
        return page, 422 if form.errors else 200
    checkout.save_cancellation_terms(day, steps=form.pairs(), actor=current_user, now=clock.now())
    flash(_("Les conditions sont enregistrées ; elles valent pour les commandes à venir."), "success")
    return redirect(request.path, 303)


def _day(slug: str) -> StudyDay:
    return study_days.day_in_full(slug) or abort(404)
