"""The office's pages of tokens."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.api import queries
from eventsapp.api import service as tokens_service
from eventsapp.api.web.forms import SCOPE_NAMES, TokenForm
from eventsapp.audit import queries as audit
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import lists

blueprint = Blueprint("api_office", __name__, url_prefix="/organisation/jetons")


@blueprint.get("/")
@requires(Permission.TEAM_EDIT)
def tokens() -> ResponseReturnValue:
    """List the tokens."""
    return lists.answer(
        queries.token_list(),
        template="api/office/tokens.html",
        row_url=lambda row: url_for(".token", token_id=row.id),
    )


@blueprint.route("/nouveau/", methods=["GET", "POST"])
@requires(Permission.TEAM_EDIT)
def create() -> ResponseReturnValue:
    """Make a token and show it, this once: it is on the answer's own page and nowhere else."""
    form = TokenForm()
    if not form.validate_on_submit():
        return render_template("api/office/create.html", form=form), 422 if form.errors else 200
    row, token = tokens_service.create_token(
        name=form.name.data, scopes=form.chosen_scopes(), now=clock.now(), actor=current_user
    )
    return render_template("api/office/created.html", row=row, token=token), 201


@blueprint.get("/<int(max=2147483647):token_id>/")
@requires(Permission.TEAM_EDIT)
def token(token_id: int) -> ResponseReturnValue:
    """Show what a token opens and what happened to it."""
    found = queries.token(token_id) or abort(404)
    return render_template(
        "api/office/token.html",
        row=found,
        scopes=[label for scope, label in SCOPE_NAMES.items() if scope in found.known_scopes],
        history=audit.history_of("api_token", found.id),
    )


@blueprint.post("/<int(max=2147483647):token_id>/revoquer/")
@requires(Permission.TEAM_EDIT)
def revoke(token_id: int) -> ResponseReturnValue:
    """Let a token open nothing any more."""
    found = queries.token(token_id) or abort(404)
    try:
        tokens_service.revoke_token(found, now=clock.now(), actor=current_user)
        flash(_("Le jeton « %(name)s » n’ouvre plus rien.", name=found.name), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".token", token_id=token_id), 303)
