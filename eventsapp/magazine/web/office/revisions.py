"""What an article said before: the list of its revisions, two of them compared, one taken up again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.pagination import page_number
from eventsapp.magazine import rules, service
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.queries import revisions as kept
from eventsapp.magazine.values import WORDS
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.forms import WORD_LABELS

#: Revisions on a page.
REVISIONS_A_PAGE = 30


@blueprint.get("/articles/<int:article_id>/versions/")
@requires(Permission.ARTICLES_EDIT)
def revisions(article_id: int) -> ResponseReturnValue:
    """List what was saved: who, when, and what changed."""
    found = newsroom.heading(article_id) or abort(404)
    page = page_number(request.args.get("page", "1")) or 1
    return render_template(
        "magazine/office/revisions.html",
        article=found,
        revisions=kept.revisions(article_id, page=page, size=REVISIONS_A_PAGE),
        labels=WORD_LABELS,
    )


@blueprint.get("/articles/<int:article_id>/versions/<int:number>/")
@requires(Permission.ARTICLES_EDIT)
def revision(article_id: int, number: int) -> ResponseReturnValue:
    """Compare a revision with another: the one asked for (``avec``), else the one before."""
    found = newsroom.heading(article_id) or abort(404)
    after = kept.revision(article_id, number) or abort(404)
    asked = request.args.get("avec", type=int)
    before = kept.revision(article_id, asked) if asked else kept.revision_at(article_id, number - 1)
    if before is not None and before.number > after.number:
        before, after = after, before
    return render_template(
        "magazine/office/revision.html",
        article=found,
        before=before,
        after=after,
        parts=[
            (WORD_LABELS[name], rules.compare(getattr(before, name) if before else "", getattr(after, name)))
            for name in WORDS
            if getattr(after, name) or (before is not None and getattr(before, name))
        ],
    )


@blueprint.post("/articles/<int:article_id>/versions/<int:number>/reprendre/")
@requires(Permission.ARTICLES_EDIT)
def restore_revision(article_id: int, number: int) -> ResponseReturnValue:
    """Save the words of that revision again, over the article as it is now."""
    found = newsroom.article(article_id) or abort(404)
    wanted = kept.revision(article_id, number) or abort(404)
    try:
        service.restore_revision(found, wanted, version=found.version, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return render_template(
            "magazine/office/revisions.html",
            article=found,
            revisions=kept.revisions(article_id, page=1, size=REVISIONS_A_PAGE),
            labels=WORD_LABELS,
            refusal=refusal.message,
        ), refusal.status
    flash(_("La version %(number)s est reprise ; celle d’avant reste dans la liste.", number=number), "success")
    return redirect(url_for(".article", article_id=article_id), 303)
