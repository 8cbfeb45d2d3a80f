"""The texts of the site for who may change them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock, facts
from eventsapp.site import queries
from eventsapp.site import service as site
from eventsapp.site.values import SiteText
from eventsapp.site.web.forms import LONGEST, TextForm
from eventsapp.site.web.texts import rendered
from eventsapp.terms.queries import known_facts

blueprint = Blueprint("site_office", __name__, url_prefix="/organisation/textes")


@blueprint.get("/")
@requires(Permission.SITE_EDIT)
def texts() -> str:
    """List the texts: who wrote them, and what is still to be filled in."""
    known = known_facts()
    return render_template(
        "site/office/texts.html", lines=[(text, facts.open_points(text.body, known)) for text in queries.texts()]
    )


@blueprint.route("/<slug:slug>/<slug:locale>/", methods=["GET", "POST"])
@requires(Permission.SITE_EDIT)
def edit(slug: str, locale: str) -> ResponseReturnValue:
    """Show a text beside what it will look like; keep a valid one."""
    text = _text(slug, locale)
    form = TextForm(title=text.title, body=text.body)
    if not form.validate_on_submit():
        known = known_facts()
        page = render_template(
            "site/office/text.html",
            form=form,
            text=text,
            html=rendered(_as_typed(text, form))[0],
            names=list(known.items()),
            open_points=facts.open_points(form.body.data or "", known),
        )
        return page, 422 if form.errors else 200
    site.save_text(
        slug=slug, locale=locale, title=form.title.data, body=form.body.data, actor=current_user, now=clock.now()
    )
    flash(_("Le texte est en ligne."), "success")
    return redirect(url_for(".edit", slug=slug, locale=locale), 303)


@blueprint.post("/<slug:slug>/<slug:locale>/apercu/")
@requires(Permission.SITE_EDIT)
def preview(slug: str, locale: str) -> ResponseReturnValue:
    """Answer with what the text in the form will look like."""
    text = _text(slug, locale)
    typed = SiteText(slug=slug, locale=locale, title=text.title, body=request.form.get("text", "")[:LONGEST])
    return render_template("site/office/preview.html", html=rendered(typed)[0])


@blueprint.post("/<slug:slug>/<slug:locale>/retablir/")
@requires(Permission.SITE_EDIT)
def restore(slug: str, locale: str) -> ResponseReturnValue:
    """Put the shipped text back."""
    _text(slug, locale)
    site.restore_text(slug=slug, locale=locale, actor=current_user, now=clock.now())
    flash(_("Le texte proposé est rétabli."), "success")
    return redirect(url_for(".edit", slug=slug, locale=locale), 303)


def _text(slug: str, locale: str) -> SiteText:
    """Return the text as the office edits it: that language's own, whoever wrote it."""
    if slug not in queries.EDITED or locale not in queries.LOCALES:
        abort(404)
    return next(text for text in queries.texts() if (text.slug, text.locale) == (slug, locale))


def _as_typed(text: SiteText, form: TextForm) -> SiteText:
    return SiteText(slug=text.slug, locale=text.locale, title=form.title.data or "", body=form.body.data or "")
