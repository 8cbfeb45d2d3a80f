"""Sign-in: Flask-Security on our tables, our outbox and our transaction."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore

from eventsapp.accounts.models import Role, User
from eventsapp.core import clock, limits
from eventsapp.core.db import db
from eventsapp.core.i18n import locale_code
from eventsapp.core.settings import Settings
from eventsapp.mail import outbox

#: Views of Flask-Security that somebody could use to guess or to pester, with how often one address may.
_LIMITED = {
    "security.login": limits.SIGN_IN,
    "security.us_signin": limits.SIGN_IN,
    "security.us_signin_send_code": limits.RESEND,
    "security.forgot_password": limits.RESEND,
    "security.reset_password": limits.SIGN_IN,
    "security.change_password": limits.SIGN_IN,
}


class Datastore(SQLAlchemyUserDatastore):  # type: ignore[misc]
    """Flask-Security's store, writing in the request's own transaction: it flushes, the edge commits."""

    def commit(self) -> None:
        self.db.session.flush()


class OutboxMail(MailUtil):  # type: ignore[misc]
    """Flask-Security's mails, written to the outbox like all others."""

    def send_mail(
        self, template: str, subject: str, recipient: str, sender: str, body: str, html: str, **kwargs: Any
    ) -> None:
        outbox.queue_rendered(
            template=f"accounts/{template}",
            to=str(recipient),
            subject=str(subject),
            text=body,
            html=html,
            now=clock.now(),
            locale=locale_code(),
        )


def init_app(app: Flask, *, settings: Settings) -> None:
    """Add sign-in, sign-out and the pages around a password under ``/compte/``."""
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_URL_PREFIX="/compte",
        SECURITY_LOGIN_URL="/connexion/",
        SECURITY_LOGOUT_URL="/deconnexion/",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RESET_URL="/mot-de-passe/",
        SECURITY_CHANGE_URL="/mot-de-passe/changer/",
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=1),
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_EMAIL_SENDER=settings.mail_from,
        SECURITY_EMAIL_VALIDATOR_ARGS={"test_environment": True},
        SECURITY_UNIFIED_SIGNIN=True,
        SECURITY_US_ENABLED_METHODS=["password", "email"],
        SECURITY_US_SIGNIN_URL="/connexion/code/",
        SECURITY_US_SIGNIN_SEND_CODE_URL="/connexion/code/envoyer/",
        SECURITY_US_TOKEN_VALIDITY=600,
        SECURITY_TOTP_SECRETS={"1": settings.secret_key},
        SECURITY_TOTP_ISSUER=settings.site_name,
        SECURITY_REDIRECT_VALIDATE_MODE=["absolute", "regex"],
        SECURITY_POST_LOGIN_VIEW="/compte/",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_FLASH_MESSAGES=True,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        REMEMBER_COOKIE_SECURE=settings.secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
    )
    Security(app, Datastore(db, User, Role), mail_util_cls=OutboxMail)
    for endpoint, allowed in _LIMITED.items():
        app.view_functions[endpoint] = limits.limiter.limit(allowed, methods=["POST"])(app.view_functions[endpoint])
