"""Making and changing the people who sign in, and deciding who they are."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_security.utils import hash_password, verify_password
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts import mails, queries, rules
from eventsapp.accounts.errors import EmailTaken, LastAdministrator, LinkExpired, WrongCredentials
from eventsapp.accounts.models import EndedSession, SignInCode, User
from eventsapp.accounts.statuses import RoleName
from eventsapp.audit import service as audit
from eventsapp.core import references, settings
from eventsapp.core.db import db
from eventsapp.core.i18n import DEFAULT_LOCALE

#: How long a code, a link to a new password, and an invitation hold.
CODE_LASTS = timedelta(minutes=10)
LINK_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=7)


def create_user(
    *,
    email: str,
    now: datetime,
    roles: Sequence[RoleName] = (),
    password: str | None = None,
    first_name: str = "",
    last_name: str = "",
    actor: User | None = None,
) -> User:
    """Make somebody who can sign in; without a password, by a code sent to the address.

    Raises ``EmailTaken`` and ``WeakPassword``.
    """
    address = email.strip().lower()
    if queries.by_email(address) is not None:
        raise _taken()
    if password is not None:
        rules.require_good_password(password, email=address)
    user = User(
        email=address,
        password=hash_password(password) if password else None,
        first_name=first_name,
        last_name=last_name,
        fs_uniquifier=secrets.token_hex(32),
        confirmed_at=now,
        created_at=now,
        roles=queries.roles_named([role.value for role in roles]),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:
        # Somebody made the same person at the same moment and was first.
        raise _taken() from error
    audit.record(
        "team.create", actor=actor, subject=subject(user), now=now, changes={"roles": [role.value for role in roles]}
    )
    return user


def ensure_reader(*, email: str, now: datetime, first_name: str = "", last_name: str = "") -> User:
    """Return the person with that address, made on the first occasion, so that a subscriber can sign in.

    The row is held until the transaction ends: what two of them decide about one reader comes one after the other.
    """
    held = sa.select(User).where(User.email == email.strip().lower()).with_for_update(key_share=True)
    existing = db.session.scalar(held)
    if existing is not None:
        return existing
    try:
        return create_user(email=email, now=now, first_name=first_name, last_name=last_name)
    except EmailTaken:
        return db.session.scalars(held).one()


def invite(
    *, email: str, roles: Sequence[RoleName], first_name: str, last_name: str, actor: User, now: datetime
) -> User:
    """Take somebody into the team and mail the link to choose a password; a reader known already gets the roles."""
    user = queries.by_email(email)
    if user is None:
        user = create_user(email=email, roles=roles, first_name=first_name, last_name=last_name, actor=actor, now=now)
    elif user.roles:
        raise EmailTaken("Cette personne est déjà dans l’équipe.", errors={"/email": _("Déjà dans l’équipe.")})
    else:
        set_roles(user, roles=roles, active=True, actor=actor, now=now)
    send_invitation(user, by=actor.name, now=now)
    return user


def send_invitation(user: User, *, by: str, now: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """Mail the link to choose a password, or to sign in where there is one already; return the link."""
    if user.password is None:
        link = mails.password_link(_token(user), locale=locale)
    else:
        link = mails.sign_in_link(locale=locale)
    mails.invitation(user, url=link, by=by, days=INVITATION_LASTS.days, locale=locale, now=now)
    return link


def edit_member(
    user: User, *, first_name: str, last_name: str, roles: Sequence[RoleName], active: bool, actor: User, now: datetime
) -> None:
    """Change how somebody of the team is called, what they may do, and whether they may sign in.

    Raises ``LastAdministrator``, and then changes nothing.
    """
    set_roles(user, roles=roles, active=active, actor=actor, now=now)
    rename(user, first_name=first_name, last_name=last_name, actor=actor, now=now)


def set_roles(user: User, *, roles: Sequence[RoleName], active: bool, actor: User, now: datetime) -> None:
    """Give ``user`` exactly these roles; somebody made inactive is signed out everywhere.

    Raises ``LastAdministrator`` where nobody would be left to give the role back.
    """
    before = {"roles": sorted(role.name for role in user.roles), "active": user.active}
    stays = active and RoleName.ADMINISTRATOR in roles
    was = user.active and RoleName.ADMINISTRATOR in before["roles"]  # type: ignore[operator]
    if was and not stays and not queries.active_with_role(RoleName.ADMINISTRATOR, but=user.id):
        raise LastAdministrator(
            "C’est le seul compte d’administration actif : donnez d’abord ce rôle à quelqu’un d’autre."
        )
    user.roles = queries.roles_named([role.value for role in roles])
    user.active = active
    if not active:
        _sign_out_everywhere(user)
    after = {"roles": sorted(role.name for role in user.roles), "active": user.active}
    if changes := audit.difference(before, after):
        audit.record("team.edit", actor=actor, subject=subject(user), now=now, changes=changes)


def rename(user: User, *, first_name: str, last_name: str, actor: User, now: datetime) -> None:
    """Change how somebody is called."""
    before = {"first_name": user.first_name, "last_name": user.last_name}
    user.first_name, user.last_name = first_name, last_name
    if changes := audit.difference(before, {"first_name": first_name, "last_name": last_name}):
        audit.record("user.rename", actor=actor, subject=subject(user), now=now, changes=changes)


def check_password(*, email: str, password: str) -> User:
    """Return the active person with that address and password.

    Raises ``WrongCredentials``, the same and after the same work whether the address is known or not.
    """
    user = queries.by_email(email)
    kept = user.password if user is not None and user.active else None
    right = verify_password(password[: rules.PASSWORD_LENGTH.stop], kept or _nobodys_password())
    if user is None or kept is None or not right:
        raise WrongCredentials("L’adresse ou le mot de passe ne convient pas.")
    return user


def send_code(*, email: str, locale: str, now: datetime) -> None:
    """Mail a code to sign in with, if the address is known; the codes sent before hold no more."""
    user = queries.by_email(email)
    if user is None or not user.active:
        return
    code = rules.new_code()
    db.session.execute(sa.delete(SignInCode).where(SignInCode.user_id == user.id))
    db.session.add(SignInCode(user_id=user.id, code_hash=_hash(user, code), expires_at=now + CODE_LASTS))
    mails.sign_in_code(user, code=code, minutes=int(CODE_LASTS.total_seconds() // 60), locale=locale, now=now)


def check_code(*, email: str, code: str, now: datetime) -> User:
    """Return the active person to whom the code was sent; it holds once. Raises ``WrongCredentials``."""
    user = queries.by_email(email)
    kept = queries.code_of(user, now=now) if user is not None and user.active else None
    if user is None or kept is None or not references.same_secret(_hash(user, rules.typed_code(code)), kept.code_hash):
        raise WrongCredentials("Ce code ne convient pas, ou n’est plus valable : demandez-en un autre.")
    db.session.delete(kept)
    return user


def send_password_link(*, email: str, locale: str, now: datetime) -> None:
    """Mail the link to choose a new password, if the address is known."""
    user = queries.by_email(email)
    if user is not None and user.active:
        mails.choose_password(user, token=_token(user), locale=locale, now=now)


def owner_of_link(token: str, *, now: datetime) -> User:
    """Return who may choose a password by the link; raise ``LinkExpired`` for an old, used or forged one.

    A person without a password was invited, and has more time.
    """
    try:
        uniquifier, signed_at = _serializer().loads(
            token, max_age=int(INVITATION_LASTS.total_seconds()), return_timestamp=True
        )
    except BadData as error:
        raise _link_expired() from error
    user = queries.by_uniquifier(uniquifier)
    if user is None or (user.password is not None and now - signed_at > LINK_LASTS):
        raise _link_expired()
    return user


def choose_password(user: User, *, password: str, locale: str, now: datetime) -> None:
    """Give ``user`` a new password: every session ends, every link sent before too. Raises ``WeakPassword``."""
    rules.require_good_password(password, email=user.email)
    user.password = hash_password(password)
    _sign_out_everywhere(user)
    audit.record("user.password", actor=user, subject=subject(user), now=now)
    mails.password_changed(user, locale=locale, now=now)


def change_password(user: User, *, present: str, password: str, locale: str, now: datetime) -> None:
    """Change the password of somebody who is signed in and knows the present one, if there is one.

    Raises ``WrongCredentials`` and ``WeakPassword``.
    """
    if user.password is not None and not verify_password(present[: rules.PASSWORD_LENGTH.stop], user.password):
        raise WrongCredentials("Le mot de passe actuel n’est pas celui-là.")
    choose_password(user, password=password, locale=locale, now=now)


def end_session(key: str, *, now: datetime) -> None:
    """End the session with that key for good; forget those that time has ended meanwhile."""
    db.session.execute(sa.delete(EndedSession).where(EndedSession.ended_at < now - rules.REMEMBERED))
    if key:
        db.session.add(EndedSession(key=key, ended_at=now))


def subject(user: User) -> tuple[str, int, str]:
    """Return how the history names ``user``."""
    return ("user", user.id, user.name)


def _token(user: User) -> str:
    """Return what lets ``user`` choose a password, until the next time that every session ends."""
    return str(_serializer().dumps(user.fs_uniquifier))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.current().secret_key, salt="choose-password")


def _taken() -> EmailTaken:
    return EmailTaken("Quelqu’un se connecte déjà avec cette adresse.", errors={"/email": _("Adresse déjà utilisée.")})


def _link_expired() -> LinkExpired:
    return LinkExpired("Ce lien a déjà servi ou n’est plus valable. Demandez-en un autre.")


def _sign_out_everywhere(user: User) -> None:
    user.fs_uniquifier = secrets.token_hex(32)


def _hash(user: User, code: str) -> str:
    key = f"{settings.current().secret_key}:{user.fs_uniquifier}".encode()
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


@cache
def _nobodys_password() -> str:
    """Return a hash to compare with where there is none, so that it takes the same time."""
    return str(hash_password(secrets.token_hex(16)))
