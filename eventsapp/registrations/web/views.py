"""The saved views of the lists of registrations: saved, renamed, shared, deleted and brought back."""

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField

from eventsapp.accounts.access import OFFICE_PREFIX, Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import text_field
from eventsapp.office import queries, service
from eventsapp.office.models import SavedView

blueprint = Blueprint("views_office", __name__, url_prefix="/organisation/inscriptions/vues")

#: The lists whose views are saved here.
LISTS = {"inscriptions": _l("Toutes les inscriptions"), "inscriptions-d-une-journee": _l("Inscriptions d’une journée")}
#: The longest parameters kept; what is no part of a view.
_LONGEST = 1000
_LEFT_OUT = frozenset({"page", "format"})


class ViewForm(FlaskForm):
    """The name of a view, and whether the team sees it."""

    name = text_field(_l("Nom de la vue"), most=60, required=_l("Donnez un nom à cette vue."))
    is_shared = BooleanField(_l("La partager avec l’équipe"))


@blueprint.get("/")
@requires(Permission.REGISTRATIONS_VIEW)
def views() -> ResponseReturnValue:
    """Show one's own views, each with its form, and those that others share."""
    return _page()


@blueprint.post("/")
@requires(Permission.REGISTRATIONS_VIEW)
def save() -> ResponseReturnValue:
    """Keep what the list shows under a name."""
    list_name, back = request.form.get("list_name", ""), _back(request.form.get("back", ""))
    form = ViewForm()
    if list_name not in LISTS or not form.validate_on_submit():
        flash(next(iter(form.name.errors), _("Cette vue n’a pas pu être enregistrée.")), "error")
        return redirect(back, 303)
    # Read and written anew, so that it is an address's parameters whatever was sent.
    asked = parse_qsl(request.form.get("parameters", "")[:_LONGEST])
    parameters = urlencode(sorted((name, value) for name, value in asked if name not in _LEFT_OUT))
    if len(parameters) > _LONGEST:
        flash(_("Cette vue n’a pas pu être enregistrée."), "error")
        return redirect(back, 303)
    try:
        service.save_view(
            list_name,
            name=form.name.data,
            parameters=parameters,
            is_shared=form.is_shared.data,
            owner=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(back, 303)
    flash(_("La vue « %(name)s » est enregistrée.", name=form.name.data), "success")
    return redirect(back, 303)


@blueprint.post("/<int:view_id>/")
@requires(Permission.REGISTRATIONS_VIEW)
def edit(view_id: int) -> ResponseReturnValue:
    """Rename a view, share it or keep it to oneself."""
    view = _own(view_id)
    form = ViewForm()
    if not form.validate_on_submit():
        return _page(wrong=form, wrong_at=view.id), 422
    service.edit_view(view, name=form.name.data, is_shared=form.is_shared.data)
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".views"), 303)


@blueprint.post("/<int:view_id>/supprimer/")
@requires(Permission.REGISTRATIONS_VIEW)
def delete(view_id: int) -> ResponseReturnValue:
    """Delete a view; the page that follows brings it back."""
    view = _own(view_id)
    service.delete_view(view, now=clock.now())
    return redirect(url_for(".views", supprimee=view.id), 303)


@blueprint.post("/<int:view_id>/retablir/")
@requires(Permission.REGISTRATIONS_VIEW)
def restore(view_id: int) -> ResponseReturnValue:
    """Bring a view back."""
    view = _own(view_id)
    service.restore_view(view)
    flash(_("La vue « %(name)s » est rétablie.", name=view.name), "success")
    return redirect(url_for(".views"), 303)


def _own(view_id: int) -> SavedView:
    return queries.own_view(view_id, user_id=current_user.id) or abort(404)


def _back(address: str) -> str:
    """Return the address of the list to go back to; a page elsewhere is none."""
    plain = address.startswith(OFFICE_PREFIX) and "\\" not in address and len(address) <= 2000
    return address if plain else url_for("registrations_office.registrations")


def _page(*, wrong: ViewForm | None = None, wrong_at: int = 0) -> str:
    found = [view for name in LISTS for view in queries.views_of(name, user_id=current_user.id)]
    own = [view for view in found if view.owner_id == current_user.id]
    forms = {
        view.id: wrong if wrong and view.id == wrong_at else ViewForm(formdata=None, obj=view, prefix="")
        for view in own
    }
    gone = request.args.get("supprimee", "")
    deleted = (
        queries.own_view(int(gone), user_id=current_user.id)
        if gone.isascii() and gone.isdecimal() and len(gone) < 10
        else None
    )
    return render_template(
        "registrations/office/views.html",
        own=own,
        forms=forms,
        others=[view for view in found if view.owner_id != current_user.id],
        lists=LISTS,
        wrong=wrong,
        wrong_at=wrong_at,
        deleted=deleted if deleted is not None and deleted.deleted_at is not None else None,
    )
