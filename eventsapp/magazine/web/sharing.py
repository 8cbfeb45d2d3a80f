"""« Envoyer à un ami » for articles and days, and the way out for who receives it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from eventsapp.core import clock, french, limits, links, settings
from eventsapp.core.i18n import colon, date_long, locale_code
from eventsapp.magazine import queries, service
from eventsapp.magazine.values import SharedPage
from eventsapp.magazine.web.answers import form_page
from eventsapp.magazine.web.forms import SharingForm
from eventsapp.study_days import queries as study_days

blueprint = Blueprint("magazine_sharing", __name__)

#: Mails that went out count, whichever page they were about; a form that comes back for a correction does not.
_limited = limits.limiter.shared_limit(
    limits.SHARE, scope="share", methods=["POST"], deduct_when=lambda response: response.status_code == 303
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A page that can be sent on, and the pages around its form."""

    page: SharedPage
    nav: str
    back_url: str
    done_url: str


@blueprint.route("/magazine/envoyer/", methods=["GET", "POST"])
@_limited
def magazine() -> ResponseReturnValue:
    """Show the form; send the magazine's front on."""
    return _send(_magazine())


@blueprint.get("/magazine/envoyer/merci/")
def magazine_sent() -> ResponseReturnValue:
    return _sent(_magazine())


@blueprint.route("/articles/<slug:slug>/envoyer/", methods=["GET", "POST"])
@_limited
def article(slug: str) -> ResponseReturnValue:
    """Show the form; send the article on."""
    return _send(_article(slug))


@blueprint.get("/articles/<slug:slug>/envoyer/merci/")
def article_sent(slug: str) -> ResponseReturnValue:
    return _sent(_article(slug))


@blueprint.route("/journees/<slug:slug>/envoyer/", methods=["GET", "POST"])
@_limited
def study_day(slug: str) -> ResponseReturnValue:
    """Show the form; send the day on."""
    return _send(_study_day(slug))


@blueprint.get("/journees/<slug:slug>/envoyer/merci/")
def study_day_sent(slug: str) -> ResponseReturnValue:
    return _sent(_study_day(slug))


@blueprint.get("/envois/refuser/<token>/")
def refuse(token: str) -> ResponseReturnValue:
    """Show the button that ends these mails; mail programs follow links, so only pressing it does."""
    service.read_refusal(token)
    return form_page("magazine/share_refuse.html", form=FlaskForm())


@blueprint.post("/envois/refuser/<token>/")
def refuse_for_good(token: str) -> ResponseReturnValue:
    """Send nothing more of this kind to the address that the token stands for."""
    service.refuse_shares(token, now=clock.now())
    return redirect(url_for(".refused"), 303)


@blueprint.get("/envois/refuser/")
def refused() -> ResponseReturnValue:
    return form_page("magazine/share_refused.html")


def _send(place: _Place) -> ResponseReturnValue:
    form = SharingForm()
    if not form.validate_on_submit():
        return form_page("magazine/share_form.html", status=422 if form.errors else 200, place=place, form=form)
    if not form.is_trapped:
        service.share(page=place.page, sharing=form.sharing(), locale=locale_code(), now=clock.now())
    return redirect(place.done_url, 303)


def _sent(place: _Place) -> ResponseReturnValue:
    """Say that it is sent; the same whatever became of it, so that nothing is learnt about the address."""
    return form_page("magazine/share_sent.html", place=place)


def _magazine() -> _Place:
    name = settings.current().site_name
    return _place("magazine.home", ".magazine_sent", title=name, lead="", nav="magazine")


def _article(slug: str) -> _Place:
    found = queries.published_article(slug) or abort(404)
    return _place(
        "magazine.article", ".article_sent", title=found.title, lead=found.lead, nav="magazine", slug=found.slug
    )


def _study_day(slug: str) -> _Place:
    found = study_days.shown_day(slug) or abort(404)
    title = f"{found.city.name}, {date_long(found.date)}{colon()}{found.title}"
    return _place("study_days.day", ".study_day_sent", title=title, lead=found.lead, nav="days", slug=found.slug)


def _place(shown_at: str, done_at: str, *, title: str, lead: str, nav: str, **address: Any) -> _Place:
    back = url_for(shown_at, **address)
    page = SharedPage(
        title=french.typeset(title),
        lead=french.typeset(lead),
        path=back,
        url=links.absolute(shown_at, **address),
    )
    return _Place(page=page, nav=nav, back_url=back, done_url=url_for(done_at, **address))
