"""Reading for an institution: accepting an invitation, joining by a domain."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf import FlaskForm

from eventsapp.accounts import queries as accounts
from eventsapp.accounts import security
from eventsapp.accounts.access import permissions_of
from eventsapp.accounts.models import User
from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.magazine import queries as magazine
from eventsapp.orders import queries as orders
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract, ReaderDomain
from eventsapp.subscriptions.web import readers_desk
from eventsapp.subscriptions.web.readers_forms import JoinForm

blueprint = Blueprint("reading", __name__, url_prefix="/abonnements/rejoindre")


@blueprint.get("/<secret>/")
def invitation(secret: str) -> ResponseReturnValue:
    """Show who invites, and the button that accepts; mail programs follow links, so only pressing it does."""
    return _invitation(secret)


@blueprint.post("/<secret>/")
@limits.limiter.limit(limits.ORDER)
def accept(secret: str) -> ResponseReturnValue:
    """Let whoever was invited read, and sign them in, as the link came to their own address.

    Whoever has more there than this seat signs in as they always do: a mail that was passed on opens nothing of theirs.
    """
    try:
        member, user = subscriptions.accept(secret, now=clock.now())
    except Refusal as refusal:
        return _invitation(secret, refusal=refusal)
    if current_user.is_authenticated or _has_more(user):
        flash(_("C’est fait. Vous lisez dès la connexion avec %(email)s.", email=member.email), "success")
        home = url_for("accounts.account") if current_user.is_authenticated else url_for("accounts.sign_in")
        return redirect(home, 303)
    security.open_session(user, remember=True)
    flash(_("Bienvenue : tout est ouvert. Un courriel vous dit comment revenir."), "success")
    return redirect(_first_to_read(), 303)


@blueprint.get("/domaine/<secret>/")
def by_domain(secret: str) -> ResponseReturnValue:
    """Show whose people join by this link: at once when signed in with such an address, else by a mail to it."""
    found = queries.domain_for_link(secret) or abort(404)
    return _by_domain(found, JoinForm(formdata=None))


@blueprint.post("/domaine/<secret>/")
@limits.by_visitor_and_address(limits.RESEND)
def join(secret: str) -> ResponseReturnValue:
    """Let somebody of the domain join who is signed in, or mail them an invitation."""
    found = queries.domain_for_link(secret) or abort(404)
    own = _own_address(found)
    form = JoinForm(email=own) if own else JoinForm()
    if not own and not form.validate_on_submit():
        return _by_domain(found, form, status=422)
    try:
        reads = subscriptions.join_by_domain(
            secret, email=own or form.email.data, is_verified=bool(own), locale=locale_code(), now=clock.now()
        )
    except Refusal as refusal:
        form.email.errors = [*form.email.errors, refusal.message]
        return _by_domain(found, form, status=refusal.status)
    if reads:
        flash(_("Bienvenue : tout est ouvert."), "success")
        return redirect(_first_to_read(), 303)
    flash(
        _("Un courriel est parti à %(email)s : le lien qu’il porte ouvre la lecture.", email=form.email.data), "success"
    )
    return redirect(url_for(".by_domain", secret=secret), 303)


def _first_to_read() -> str:
    """Return the address of the number that is out: the magazine's front page begins with how to subscribe."""
    current = magazine.current_issue()
    return url_for("magazine.issue", number=current.number) if current else url_for("magazine.home")


def _has_more(user: User) -> bool:
    """Return whether their account opens more than reading: a part in the team, a password, orders, subscriptions."""
    return bool(
        user.password is not None
        or permissions_of(accounts.by_email(user.email) or user)
        or orders.orders_of(user.email, most=1)
        or queries.contracts_of(user.email)
        or queries.managed_by(user.email)
    )


def _invitation(secret: str, *, refusal: Refusal | None = None) -> Response:
    member = queries.member_for_link(secret) or abort(404)
    contract = _present(member.readership_id)
    is_full = contract.seats_taken >= contract.readers
    page = render_template(
        "subscriptions/readers/invitation.html",
        member=member,
        contract=contract,
        is_over=member.invited_at is None or clock.now() - member.invited_at > rules.INVITATION_LASTS,
        is_full=is_full,
        managers=queries.managers_of(member.readership_id) if is_full else (),
        refusal=refusal,
        form=FlaskForm(),
    )
    return private(make_response(page, refusal.status if refusal else 200))


def _by_domain(found: ReaderDomain, form: JoinForm, *, status: int = 200) -> Response:
    page = render_template(
        "subscriptions/readers/by_domain.html",
        domain=found,
        contract=_present(found.readership_id),
        form=form,
        own=_own_address(found),
    )
    return private(make_response(page, status))


def _own_address(found: ReaderDomain) -> str:
    """Return the address that the visitor is signed in with, if it is of the domain."""
    if not current_user.is_authenticated or rules.domain_of(current_user.email) != found.domain:
        return ""
    return str(current_user.email)


def _present(readership_id: int) -> Contract:
    found = readers_desk.present(readership_id, today=clock.local_date(clock.now())) or abort(404)
    return found[0]
