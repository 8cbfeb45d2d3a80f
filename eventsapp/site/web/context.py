"""What every template may use: the site, the language, the issue in the masthead, the page's own addresses."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote

from flask import Flask, has_request_context, request
from flask_babel import lazy_gettext as _l
from werkzeug.local import LocalProxy

from eventsapp.core import clock, i18n, links, markdown, page_cache, settings
from eventsapp.magazine import queries as magazine

#: Rooms, and pages that lie elsewhere, → the entry of the navigation that leads to them.
_NAVIGATION = {
    "study_days": "days",
    "checkout.register": "days",
    "speakers": "speakers",
    "magazine": "magazine",
    "magazine_shelves": "magazine",
    "subscriptions": "plans",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the masthead and the footer say."""

    name: str
    tagline: str
    today: date
    #: The shop is in test: what is ordered is a trial.
    is_trial: bool


def init_app(app: Flask) -> None:
    """Give every template of ``app``, mails and error pages included, the filters and names below."""
    app.jinja_env.filters.update(markdown=markdown.to_html, paragraphs=markdown.paragraphs)
    app.context_processor(_everywhere)
    app.context_processor(_on_pages)


def _everywhere() -> dict[str, Any]:
    return {
        "site": Site(
            name=settings.current().site_name,
            tagline=_l(
                "Management, ressources humaines, finances, juridique : le métier des cadres de la filière "
                "administrative, raconté par ceux qui l’exercent."
            ),
            today=clock.local_date(clock.now()),
            is_trial=settings.current().trial,
        ),
        "locale": i18n.locale_code(),
    }


def _on_pages() -> dict[str, Any]:
    if not has_request_context():
        return {}
    path = quote(request.path)
    query = request.query_string.decode("ascii", "ignore")
    other = i18n.PREFIXED_LOCALES[0] if i18n.locale_code() == i18n.DEFAULT_LOCALE else i18n.DEFAULT_LOCALE
    return {
        # Asked for when a template shows it, and not before: errors and fragments do without.
        "current_issue": LocalProxy(cache(magazine.current_issue)),
        "nav": _NAVIGATION.get(request.endpoint or "") or _NAVIGATION.get(request.blueprint or ""),
        "url_prefix": request.script_root,
        "has_session": page_cache.has_session(),
        "canonical_url": links.absolute_path(i18n.address_in(i18n.locale_code(), path)),
        "alternate_url": links.absolute_path(i18n.address_in(other, f"{path}?{query}" if query else path)),
    }
