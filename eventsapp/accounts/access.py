"""What each role may do, and how a view says what it takes."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from eventsapp.accounts.models import User
from eventsapp.accounts.statuses import ROLE_LABELS, RoleName
from eventsapp.core import page_cache
from eventsapp.core.security_headers import private

__all__ = [
    "OFFICE_PREFIX",
    "PERMISSIONS",
    "ROLE_LABELS",
    "Permission",
    "RoleName",
    "guard_office",
    "may",
    "may_open_private_pages",
    "permissions_of",
    "reader",
    "requires",
    "signed_in_only",
]

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)

#: Everything under it is the back office.
OFFICE_PREFIX = "/organisation/"


class Permission(StrEnum):
    """Something that a view of the office takes."""

    OFFICE = "office.view"
    STUDY_DAYS_VIEW = "study_days.view"
    STUDY_DAYS_EDIT = "study_days.edit"
    STUDY_DAYS_PUBLISH = "study_days.publish"
    SPEAKERS_EDIT = "speakers.edit"
    REGISTRATIONS_VIEW = "registrations.view"
    #: Say for others whom their seats are for.
    REGISTRATIONS_EDIT = "registrations.edit"
    #: The participants of a day that takes place today.
    REGISTRATIONS_TODAY = "registrations.today"
    #: What participants ask for to be able to take part: it may tell of their health.
    REGISTRATIONS_NEEDS = "registrations.needs"
    #: Move a group of a waiting list, offer seats to it out of its turn, take it off.
    WAITING_LISTS_EDIT = "waiting_lists.edit"
    #: Let people in at the door; without ``REGISTRATIONS_VIEW`` of a day that takes place today.
    CHECK_INS = "attendance.check_in"
    #: Enter who was there from the signed sheet.
    PRESENCES_EDIT = "attendance.edit"
    ORDERS_VIEW = "orders.view"
    #: Make quotes for customers, and keep the dossiers of public bodies.
    ORDERS_EDIT = "orders.edit"
    ORDERS_CANCEL = "orders.cancel"
    PAYMENTS_RECORD = "payments.record"
    #: How money is asked for, and what is promised before it comes.
    PAYMENT_METHODS_EDIT = "payment_methods.edit"
    #: Categories of tax and their rates.
    VAT_EDIT = "vat.edit"
    ARTICLES_EDIT = "articles.edit"
    ARTICLES_PUBLISH = "articles.publish"
    ISSUES_EDIT = "issues.edit"
    COMMENTS_MODERATE = "comments.moderate"
    SUBSCRIPTIONS_VIEW = "subscriptions.view"
    #: Give subscriptions, and say whose readers are reminded.
    SUBSCRIPTIONS_EDIT = "subscriptions.edit"
    PLANS_EDIT = "plans.edit"
    PROMO_CODES_EDIT = "promo_codes.edit"
    MAIL_VIEW = "mail.view"
    #: Write to many at once, and say what reminders of days do.
    MAILINGS_SEND = "mailings.send"
    #: Write the newsletter, send it, and see who reads it.
    NEWSLETTER_EDIT = "newsletter.edit"
    #: What is read, and how subscriptions go: sums, and nobody's name.
    FIGURES_VIEW = "figures.view"
    HISTORY_VIEW = "history.view"
    SITE_EDIT = "site.edit"
    TEAM_EDIT = "team.edit"


_P = Permission
PERMISSIONS: dict[RoleName, frozenset[Permission]] = {
    RoleName.ADMINISTRATOR: frozenset(Permission),
    RoleName.ORGANISER: frozenset({
        _P.OFFICE, _P.STUDY_DAYS_VIEW, _P.STUDY_DAYS_EDIT, _P.STUDY_DAYS_PUBLISH, _P.SPEAKERS_EDIT,
        _P.REGISTRATIONS_VIEW, _P.REGISTRATIONS_EDIT, _P.REGISTRATIONS_TODAY, _P.REGISTRATIONS_NEEDS, _P.ORDERS_VIEW,
        _P.ORDERS_CANCEL, _P.ORDERS_EDIT, _P.WAITING_LISTS_EDIT, _P.CHECK_INS, _P.PRESENCES_EDIT,
        _P.ARTICLES_EDIT, _P.ARTICLES_PUBLISH, _P.SUBSCRIPTIONS_VIEW, _P.SUBSCRIPTIONS_EDIT,
        _P.MAIL_VIEW, _P.MAILINGS_SEND, _P.NEWSLETTER_EDIT, _P.FIGURES_VIEW, _P.PROMO_CODES_EDIT,
    }),
    RoleName.EDITOR: frozenset({
        _P.OFFICE, _P.STUDY_DAYS_VIEW, _P.SPEAKERS_EDIT, _P.ARTICLES_EDIT, _P.ARTICLES_PUBLISH, _P.ISSUES_EDIT,
        _P.COMMENTS_MODERATE, _P.SITE_EDIT, _P.NEWSLETTER_EDIT, _P.FIGURES_VIEW,
    }),
    RoleName.ACCOUNTANT: frozenset({
        _P.OFFICE, _P.STUDY_DAYS_VIEW, _P.REGISTRATIONS_VIEW, _P.REGISTRATIONS_TODAY, _P.ORDERS_VIEW, _P.ORDERS_CANCEL,
        _P.ORDERS_EDIT,
        _P.PAYMENTS_RECORD, _P.PAYMENT_METHODS_EDIT, _P.VAT_EDIT, _P.SUBSCRIPTIONS_VIEW, _P.MAIL_VIEW,
        _P.FIGURES_VIEW,
    }),
    RoleName.DOOR: frozenset({_P.OFFICE, _P.REGISTRATIONS_TODAY, _P.CHECK_INS}),
}  # fmt: skip


def permissions_of(user: User) -> frozenset[Permission]:
    """Return what ``user`` may do; nothing for anonymous and inactive people and for roles that no code knows."""
    if not user.is_authenticated or not user.active:
        return frozenset()
    known = {role.value: role for role in RoleName}
    return frozenset().union(*(PERMISSIONS[known[role.name]] for role in user.roles if role.name in known))


def may(permission: Permission) -> bool:
    """Return whether whoever is signed in has ``permission``."""
    return permission in permissions_of(current_user)


def may_open_private_pages() -> bool:
    """Return whether whoever is signed in may have the private links of buyers and participants.

    These show what participants need to take part, and change who comes.
    """
    return permissions_of(current_user) >= {Permission.REGISTRATIONS_EDIT, Permission.REGISTRATIONS_NEEDS}


def reader() -> User | None:
    """Return whoever reads a page that may be kept for everybody, or ``None`` when nobody is signed in.

    Without a session cookie the page is everybody's and is kept: nobody is looked for then, whatever other cookie
    the browser brings.
    """
    if not page_cache.has_session() or not current_user.is_authenticated:
        return None
    person: User = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's way out of its proxy
    return person


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, ResponseReturnValue]]:
    """Let only those with ``permission`` into the view; the others sign in first, or are refused."""

    def decorate(view: Callable[P, R]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _sign_in_first()
            if not may(permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in_only(view: Callable[P, R]) -> Callable[P, ResponseReturnValue]:
    """Let anybody who is signed in into the view; the others sign in first."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if current_user.is_authenticated else _sign_in_first()

    return guarded


def guard_office(app: Flask) -> None:
    """Refuse whatever lies under ``/organisation/`` and says no permission; keep its pages to their reader."""

    @app.before_request
    def refuse_unstated() -> None:
        if _in_office() and request.endpoint and not hasattr(app.view_functions[request.endpoint], "permission"):
            abort(403)

    @app.after_request
    def keep_private(response: Response) -> Response:
        return private(response) if _in_office() else response


def _in_office() -> bool:
    return request.path.startswith(OFFICE_PREFIX)


def _sign_in_first() -> ResponseReturnValue:
    wanted = f"{request.script_root}{request.full_path}".rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted), 303)
