"""Signing in and out, passwords, and the visitor's own account, under ``/compte/``."""

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts import access, security
from eventsapp.accounts import service as accounts
from eventsapp.accounts.access import Permission, signed_in_only
from eventsapp.accounts.errors import LinkExpired, WeakPassword, WrongCredentials
from eventsapp.accounts.models import User
from eventsapp.accounts.web.forms import (
    ChangePasswordForm,
    CodeForm,
    EmailForm,
    NameForm,
    PasswordForm,
    SignInForm,
)
from eventsapp.core import clock, limits
from eventsapp.core.i18n import locale_code
from eventsapp.core.links import safe_target
from eventsapp.core.security_headers import private
from eventsapp.orders import queries as orders
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus

blueprint = Blueprint("accounts", __name__, url_prefix="/compte")
blueprint.after_request(private)

#: Where the session keeps the address that a code was sent to.
_ASKED = "code_for"


@blueprint.route("/connexion/", methods=["GET", "POST"])
@limits.by_visitor_and_address(limits.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Sign in by password."""
    if current_user.is_authenticated:
        return redirect(_after_sign_in(current_user), 303)
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    try:
        user = accounts.check_password(email=form.email.data, password=form.password.data)
    except WrongCredentials as refusal:
        form.form_errors.append(refusal.message)
        return render_template("accounts/sign_in.html", form=form), refusal.status
    security.open_session(user, remember=form.remember.data)
    return redirect(_after_sign_in(user), 303)


@blueprint.route("/connexion/code/", methods=["GET", "POST"])
@limits.by_visitor_and_address(limits.RESEND)
def send_code() -> ResponseReturnValue:
    """Send a code to an address; the answer is the same whether it is known or not."""
    if current_user.is_authenticated:
        return redirect(_after_sign_in(current_user), 303)
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("accounts/send_code.html", form=form), 422 if form.errors else 200
    accounts.send_code(email=form.email.data, locale=locale_code(), now=clock.now())
    session[_ASKED] = form.email.data
    return redirect(url_for(".enter_code", next=request.args.get("next")), 303)


@blueprint.route("/connexion/code/saisie/", methods=["GET", "POST"])
@limits.by_visitor_and_address(limits.SIGN_IN)
def enter_code() -> ResponseReturnValue:
    """Sign in by the code that was sent."""
    if current_user.is_authenticated:
        return redirect(_after_sign_in(current_user), 303)
    asked = session.get(_ASKED)
    form = CodeForm(email=asked)
    if not form.validate_on_submit():
        return render_template("accounts/enter_code.html", form=form, asked=asked), 422 if form.errors else 200
    try:
        user = accounts.check_code(email=form.email.data, code=form.code.data, now=clock.now())
    except WrongCredentials as refusal:
        form.code.errors = [refusal.message]
        return render_template("accounts/enter_code.html", form=form, asked=asked), refusal.status
    session.pop(_ASKED, None)
    security.open_session(user, remember=form.remember.data)
    return redirect(_after_sign_in(user), 303)


@blueprint.post("/deconnexion/")
def sign_out() -> ResponseReturnValue:
    """End this session, for good: a copy of its cookie opens nothing."""
    accounts.end_session(security.close_session(), now=clock.now())
    answer = redirect(url_for(".sign_in"), 303)
    # What the door keeps on a phone goes with the session.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@blueprint.route("/mot-de-passe/", methods=["GET", "POST"])
@limits.by_visitor_and_address(limits.RESEND)
def forgot_password() -> ResponseReturnValue:
    """Send the link to a new password; the answer is the same whether the address is known or not."""
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot_password.html", form=form), 422 if form.errors else 200
    accounts.send_password_link(email=form.email.data, locale=locale_code(), now=clock.now())
    flash(_("Si cette adresse est connue, un courriel vient d’y partir, avec un lien valable une heure."), "success")
    return redirect(url_for(".sign_in"), 303)


@blueprint.route("/mot-de-passe/choisir/<token>/", methods=["GET", "POST"])
@limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a new password by the link of a mail."""
    try:
        user = accounts.owner_of_link(token, now=clock.now())
    except LinkExpired as refusal:
        return render_template("accounts/link_expired.html", message=refusal.message), refusal.status
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page_of_choice(form, user), 422 if form.errors else 200
    try:
        accounts.choose_password(user, password=form.password.data, locale=locale_code(), now=clock.now())
    except WeakPassword as refusal:
        form.password.errors = [refusal.message]
        return _page_of_choice(form, user), refusal.status
    security.close_session()
    flash(_("Votre mot de passe est enregistré. Connectez-vous."), "success")
    return redirect(url_for(".sign_in"), 303)


@blueprint.get("/")
@signed_in_only
def account() -> ResponseReturnValue:
    """Show what is kept under the visitor's address."""
    return _account_page(NameForm(obj=current_user))


@blueprint.post("/")
@signed_in_only
def rename() -> ResponseReturnValue:
    """Change how the visitor is called."""
    form = NameForm()
    if not form.validate():
        return _account_page(form), 422
    accounts.rename(
        current_user,
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        actor=current_user,
        now=clock.now(),
    )
    flash(_("Votre nom est enregistré."), "success")
    return redirect(url_for(".account"), 303)


@blueprint.route("/mot-de-passe/changer/", methods=["GET", "POST"])
@signed_in_only
@limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
def change_password() -> ResponseReturnValue:
    """Change the visitor's own password; the other devices are signed out."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/change_password.html", form=form), 422 if form.errors else 200
    user: User = current_user._get_current_object()  # noqa: SLF001 - the person, not the proxy
    try:
        accounts.change_password(
            user,
            present=form.present.data or "",
            password=form.password.data,
            locale=locale_code(),
            now=clock.now(),
        )
    except WrongCredentials as refusal:
        form.present.errors = [refusal.message]
        return render_template("accounts/change_password.html", form=form), refusal.status
    except WeakPassword as refusal:
        form.password.errors = [refusal.message]
        return render_template("accounts/change_password.html", form=form), refusal.status
    security.open_session(user, remember=session.permanent)
    flash(_("Votre mot de passe est changé ; les autres appareils sont déconnectés."), "success")
    return redirect(url_for(".account"), 303)


def _account_page(form: NameForm) -> str:
    contracts = subscriptions.contracts_of(current_user.email)
    managed = subscriptions.managed_by(current_user.email)
    own = {row.readership_id for row in contracts}
    return render_template(
        "accounts/account.html",
        form=form,
        orders=orders.orders_of(current_user.email),
        contracts=contracts,
        agreements=subscriptions.agreements_of(contracts),
        managed=managed,
        memberships=subscriptions.memberships_of(current_user.email),
        looked_after={key: row for key, row in managed.items() if key not in own},
        renewals={
            row.renews_id: row
            for row in contracts
            if row.renews_id is not None and row.status is not ContractStatus.CANCELLED
        },
        in_team=access.may(Permission.OFFICE),
    )


def _page_of_choice(form: PasswordForm, user: User) -> Response | str:
    return render_template("accounts/choose_password.html", form=form, user=user)


def _after_sign_in(user: User) -> str:
    """Return where somebody goes who has signed in: back to where they wanted, to the office, to their account."""
    team = Permission.OFFICE in access.permissions_of(user)
    home = url_for("dashboard.today") if team else url_for(".account")
    return safe_target(request.args.get("next"), otherwise=home)
