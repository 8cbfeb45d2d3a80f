"""The moderators' queue: one comment after the other, published or refused with a reason; and who is banned."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock, links, markdown
from eventsapp.core.errors import Refusal
from eventsapp.core.pagination import page_number
from eventsapp.magazine import service
from eventsapp.magazine.queries import lists, newsroom
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.forms import DecisionForm
from eventsapp.office import lists as office_lists

#: Bans on a page.
BANS_A_PAGE = 50


@blueprint.get("/commentaires/")
@requires(Permission.COMMENTS_MODERATE)
def comments() -> ResponseReturnValue:
    """Show the comments that wait, each with its two buttons; and those already decided on."""
    return office_lists.answer(
        lists.comment_list(),
        template="magazine/office/comments.html",
        status_words=lists.COMMENT_WORDS,
        paragraphs=markdown.paragraphs,
        form=DecisionForm(),
    )


@blueprint.post("/commentaires/<int:comment_id>/publier/")
@requires(Permission.COMMENTS_MODERATE)
def publish_comment(comment_id: int) -> ResponseReturnValue:
    """Show the comment under its article."""
    found = newsroom.comment(comment_id) or abort(404)
    service.publish_comment(found, actor=current_user, now=clock.now())
    flash(_("Le commentaire de %(name)s est publié.", name=found.author_name), "success")
    return redirect(_queue(), 303)


@blueprint.post("/commentaires/<int:comment_id>/refuser/")
@requires(Permission.COMMENTS_MODERATE)
def reject_comment(comment_id: int) -> ResponseReturnValue:
    """Refuse the comment, or take it away; the reason is kept."""
    found = newsroom.comment(comment_id) or abort(404)
    form = DecisionForm()
    if not form.validate():
        flash(_("Le motif n’est pas lisible ou dépasse 300 caractères : rien n’a changé."), "error")
        return redirect(_queue(), 303)
    service.reject_comment(found, reason=form.reason.data or "", actor=current_user, now=clock.now())
    flash(_("Le commentaire de %(name)s est refusé.", name=found.author_name), "success")
    return redirect(_queue(), 303)


@blueprint.post("/commentaires/<int:comment_id>/bannir/")
@requires(Permission.COMMENTS_MODERATE)
def ban_commenter(comment_id: int) -> ResponseReturnValue:
    """Refuse the comment, and all that its address sends from now on."""
    found = newsroom.comment(comment_id) or abort(404)
    form = DecisionForm()
    if not form.validate():
        flash(_("Le motif n’est pas lisible ou dépasse 300 caractères : rien n’a changé."), "error")
        return redirect(_queue(), 303)
    try:
        service.ban_commenter(found, reason=form.reason.data or "", actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(_queue(), 303)
    flash(_("%(name)s ne peut plus commenter.", name=found.author_name), "success")
    return redirect(_queue(), 303)


@blueprint.get("/commentaires/bannis/")
@requires(Permission.COMMENTS_MODERATE)
def comment_bans() -> ResponseReturnValue:
    """Show who may comment no more, and why."""
    page = page_number(request.args.get("page", "1")) or 1
    return render_template("magazine/office/bans.html", bans=newsroom.comment_bans(page=page, size=BANS_A_PAGE))


@blueprint.post("/commentaires/bannis/<int:ban_id>/lever/")
@requires(Permission.COMMENTS_MODERATE)
def lift_ban(ban_id: int) -> ResponseReturnValue:
    """Let the address comment again."""
    found = newsroom.ban(ban_id) or abort(404)
    name = found.name
    service.lift_ban(found, actor=current_user, now=clock.now())
    flash(_("%(name)s peut de nouveau commenter.", name=name), "success")
    return redirect(url_for(".comment_bans"), 303)


def _queue() -> str:
    """Return the tab that the button was pressed on."""
    return links.safe_target(request.form.get("back"), otherwise=url_for(".comments"))
