"""The team: who may enter the office, and as what."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts import queries
from eventsapp.accounts import service as accounts
from eventsapp.accounts.access import Permission, requires
from eventsapp.accounts.models import User
from eventsapp.accounts.web.forms import InvitationForm, MemberForm
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import lists

blueprint = Blueprint("accounts_office", __name__, url_prefix="/organisation/equipe")


@blueprint.get("/")
@requires(Permission.TEAM_EDIT)
def team() -> ResponseReturnValue:
    """List who has a role."""
    return lists.answer(
        queries.team_list(),
        template="accounts/office/team.html",
        row_url=lambda user: url_for(".member", user_id=user.id),
    )


@blueprint.route("/inviter/", methods=["GET", "POST"])
@requires(Permission.TEAM_EDIT)
def invite() -> ResponseReturnValue:
    """Take somebody into the team."""
    form = InvitationForm(active=True)
    if not form.validate_on_submit():
        return render_template("accounts/office/invite.html", form=form), 422 if form.errors else 200
    try:
        user = accounts.invite(
            email=form.email.data,
            roles=form.chosen_roles(),
            first_name=form.first_name.data or "",
            last_name=form.last_name.data or "",
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.email.errors = [refusal.message]
        return render_template("accounts/office/invite.html", form=form), refusal.status
    flash(_("Un courriel part à %(email)s.", email=user.email), "success")
    return redirect(url_for(".team"), 303)


@blueprint.route("/<int:user_id>/", methods=["GET", "POST"])
@requires(Permission.TEAM_EDIT)
def member(user_id: int) -> ResponseReturnValue:
    """Change somebody's name, roles, and whether they may sign in."""
    user = queries.team_member(user_id) or abort(404)
    form = MemberForm(
        first_name=user.first_name,
        last_name=user.last_name,
        roles=[role.name for role in user.roles],
        active=user.active,
    )
    if not form.validate_on_submit():
        return _member_page(form, user), 422 if form.errors else 200
    try:
        accounts.edit_member(
            user,
            first_name=form.first_name.data or "",
            last_name=form.last_name.data or "",
            roles=form.chosen_roles(),
            active=form.active.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return _member_page(form, user), refusal.status
    flash(_("C’est enregistré pour %(name)s.", name=user.name), "success")
    return redirect(url_for(".team"), 303)


@blueprint.post("/<int:user_id>/inviter/")
@requires(Permission.TEAM_EDIT)
def invite_again(user_id: int) -> ResponseReturnValue:
    """Send the invitation once more."""
    user = queries.team_member(user_id) or abort(404)
    accounts.send_invitation(user, by=current_user.name, now=clock.now())
    flash(_("Un courriel part à %(email)s.", email=user.email), "success")
    return redirect(url_for(".member", user_id=user_id), 303)


def _member_page(form: MemberForm, user: User) -> str:
    return render_template("accounts/office/member.html", form=form, user=user)
