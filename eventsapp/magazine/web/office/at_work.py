"""What the editor's script sends while somebody types: that they are there, and what is not saved yet."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.magazine import service
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.queries import revisions as kept
from eventsapp.magazine.values import WORDS
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.forms import BODY_LENGTH, row_key


@blueprint.post("/articles/<int:article_id>/en-cours/")
@requires(Permission.ARTICLES_EDIT)
def at_work(article_id: int) -> ResponseReturnValue:
    """Renew the presence of whoever types, keep what is typed, and answer with who else is there."""
    found = newsroom.article(article_id) or abort(404)
    now = clock.now()
    try:
        version = row_key(request.form.get("version", ""))
    except ValueError:
        abort(422)
    words = {name: request.form.get(name, "") for name in WORDS}
    if any(len(text) > BODY_LENGTH or "\0" in text for text in words.values()):
        abort(422)
    service.be_present(found, user=current_user, now=now)
    saved = "typed" in request.form and service.autosave(
        found, words=words, version=version, user=current_user, now=now
    )
    return render_template(
        "magazine/office/at_work.html",
        others=kept.at_work(article_id, but=current_user.id, now=now),
        kept_at=now if saved else None,
        behind=found.version > version,
    )


@blueprint.post("/articles/<int:article_id>/en-cours/jeter/")
@requires(Permission.ARTICLES_EDIT)
def discard_autosave(article_id: int) -> ResponseReturnValue:
    """Forget what was typed and not saved."""
    found = newsroom.article(article_id) or abort(404)
    service.discard_autosave(found, user=current_user)
    flash(_("Le brouillon non enregistré est jeté."), "success")
    return redirect(url_for(".article", article_id=article_id), 303)
