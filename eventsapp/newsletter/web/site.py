"""The newsletter for its readers: asking for it, confirming that, and the page of one's own."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from eventsapp.core import clock, limits
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.newsletter import queries, rules, service
from eventsapp.newsletter.errors import LinkOver
from eventsapp.newsletter.statuses import ReaderStatus
from eventsapp.newsletter.web.forms import OwnForm, SignUpForm

blueprint = Blueprint("newsletter", __name__, url_prefix="/lettre")


@blueprint.route("/", methods=["GET", "POST"])
@limits.by_visitor_and_address(limits.RESEND, limits.LETTER)
def sign_up() -> ResponseReturnValue:
    """Show the form; send the link that confirms the address. The answer tells nothing about the address."""
    form = SignUpForm()
    form.offer(queries.themes())
    if not form.validate_on_submit():
        return _page("newsletter/sign_up.html", status=422 if form.errors else 200, form=form, consent=_consent())
    if not form.is_trapped:
        service.ask(form.email.data, form.choice(), consent=_consent(), locale=locale_code(), now=clock.now())
    return redirect(url_for(".asked"), 303)


@blueprint.get("/merci/")
def asked() -> ResponseReturnValue:
    """Say that a mail is under way, whatever became of it."""
    return _page("newsletter/asked.html")


@blueprint.get("/confirmer/<secret>/")
def confirm(secret: str) -> ResponseReturnValue:
    """Show the button that confirms the address; mail programs follow links, so only pressing it does.

    Afterwards the link says that it is done, and leads to the themes.
    """
    reader = queries.reader_to_confirm(secret)
    if reader is not None and reader.still_asked_at is not None:
        return _page("newsletter/confirm.html", form=FlaskForm(), stays=True)
    if reader is not None and reader.status is ReaderStatus.CONFIRMED:
        return _page("newsletter/confirmed.html", secret=reader.secret)
    if reader is None or not rules.can_confirm(asked_at=reader.asked_at, now=clock.now()):
        raise LinkOver("Ce lien n’est pas, ou plus, valable : demandez la lettre de nouveau.")
    return _page("newsletter/confirm.html", form=FlaskForm())


@blueprint.post("/confirmer/<secret>/")
@limits.limiter.limit(limits.RESEND)
def confirm_for_good(secret: str) -> ResponseReturnValue:
    """Let the letter reach whoever pressed the button."""
    form = FlaskForm()
    if not form.validate():
        return _page("newsletter/confirm.html", status=422, form=form)
    reader = service.confirm(secret, now=clock.now())
    flash(_("C’est confirmé : la prochaine lettre vous parviendra."), "success")
    return redirect(url_for(".own", secret=reader.secret), 303)


@blueprint.route("/<secret>/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def own(secret: str) -> ResponseReturnValue:
    """Show what a reader chose; keep what they choose now. Whose page it is, it does not say."""
    reader = queries.reader_by_secret(secret) or abort(404)
    if reader.status is ReaderStatus.LEFT:
        return _page("newsletter/left.html", secret=secret, form=FlaskForm())
    form = OwnForm(data={"themes": sorted(reader.choice.themes)})
    offered = queries.themes()
    form.offer(offered)
    if not form.validate_on_submit():
        return _page("newsletter/own.html", status=422 if form.errors else 200, secret=secret, form=form)
    choice = form.choice()
    names = [theme.local_name for theme in offered if theme.id in choice.themes]
    service.choose(reader.id, choice, text=", ".join(names) or _("tous les thèmes"), now=clock.now())
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".own", secret=secret), 303)


@blueprint.post("/<secret>/reprendre/")
@limits.limiter.limit(limits.ORDER)
def come_back(secret: str) -> ResponseReturnValue:
    """Send the letter again to whoever left it by mistake."""
    reader = queries.reader_by_secret(secret) or abort(404)
    form = FlaskForm()
    if not form.validate():
        return _page("newsletter/left.html", status=422, secret=secret, form=form)
    service.come_back(reader.id, now=clock.now())
    flash(_("Vous recevrez de nouveau la lettre."), "success")
    return redirect(url_for(".own", secret=secret), 303)


def _consent() -> str:
    """Return what somebody agrees to, as they read it."""
    return str(
        _(
            "En l’envoyant, vous acceptez de recevoir notre lettre à cette adresse, une par semaine au plus. "
            "Vous la quittez d’un clic, par le lien de chacune."
        )
    )


def _page(template: str, *, status: int = 200, **context: object) -> Response:
    return private(make_response(render_template(template, **context), status))
