"""What the frame of the office shows around every page: the navigation and who is signed in."""

from typing import Any

from flask import has_request_context, request
from flask_security import current_user

from eventsapp.accounts.access import OFFICE_PREFIX, permissions_of
from eventsapp.office import navigation


def around_pages() -> dict[str, Any]:
    """Return the context of ``layouts/office.html``."""
    if not has_request_context() or not request.path.startswith(OFFICE_PREFIX) or not current_user.is_authenticated:
        return {}
    permissions = permissions_of(current_user)
    return {
        "office_nav": navigation.shown(permissions, {}),
        "visitor_name": current_user.name,
        "permissions": permissions,
    }
