"""Who reads, as a page that may be kept for everybody is allowed to know."""

from flask_security import current_user

from eventsapp.accounts.models import User
from eventsapp.core import page_cache


def reader() -> User | None:
    """Return whoever is signed in, or ``None``.

    Without a session cookie the page is everybody's and is kept: nobody is looked for then, whatever other cookie
    the browser brings.
    """
    if not page_cache.has_session() or not current_user.is_authenticated:
        return None
    person: User = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's way out of its proxy
    return person
