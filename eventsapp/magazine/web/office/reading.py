"""What is reserved, for all articles that say nothing else: how much of it everybody reads, and until when."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.audit import queries as audit
from eventsapp.core import clock
from eventsapp.magazine import queries, service
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.forms import TermsForm


@blueprint.route("/magazine/lecture/", methods=["GET", "POST"])
@requires(Permission.ISSUES_EDIT)
def reading() -> ResponseReturnValue:
    """Show the terms; change them."""
    terms = queries.reading_terms()
    form = TermsForm(obj=terms)
    if not form.validate_on_submit():
        history = audit.history_of("reading_terms", terms.id, most=20)
        page = render_template("magazine/office/reading.html", form=form, history=history)
        return page, 422 if form.errors else 200
    service.set_reading_terms(form.terms(), actor=current_user, now=clock.now())
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".reading"), 303)
