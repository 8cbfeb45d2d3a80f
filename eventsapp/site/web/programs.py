"""The site for search engines: ``robots.txt`` and the sitemap."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response, abort, make_response, render_template

from eventsapp.core import i18n, links, page_cache
from eventsapp.site import queries
from eventsapp.site.values import Address

#: Addresses on a page of the sitemap, each in every language; the protocol allows 50,000.
PAGE_SIZE = 5_000
#: Pages of lists and texts; the first page of the sitemap begins with them.
_FIXED = (
    "site.home",
    "study_days.days",
    "speakers.directory",
    "magazine.home",
    "subscriptions.plans",
)
#: What robots have no business with: one person's pages, and endless ones.
_CLOSED = (
    "/compte/", "/organisation/", "/panier/", "/commande/", "/commandes/", "/devis/", "/paiement/", "/fragments/",
    "/recherche/", "/journees/?*q=", "/journees/?*vue=mois&*mois=",
)  # fmt: skip

blueprint = Blueprint("site_programs", __name__)


@blueprint.get("/robots.txt")
@page_cache.public_page()
def robots() -> Response:
    """Say what robots may read, and where the sitemap is."""
    prefixes = ("", *(f"/{locale}" for locale in i18n.PREFIXED_LOCALES))
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for prefix in prefixes for path in _CLOSED)]
    lines += ["", f"Sitemap: {links.absolute('site_programs.sitemap', locale=i18n.DEFAULT_LOCALE)}", ""]
    response = make_response("\n".join(lines))
    response.content_type = "text/plain; charset=utf-8"
    return response


@blueprint.get("/sitemap.xml")
@page_cache.public_page("days", "magazine", "plans")
def sitemap() -> Response:
    """List every public address, or the pages of that list when it is long."""
    pages = -(-queries.count_addresses() // PAGE_SIZE)
    if pages <= 1:
        return _xml(render_template("site/sitemap.xml", places=[*_fixed_places(), *_places(1)]))
    locations = [
        links.absolute("site_programs.sitemap_page", locale=i18n.DEFAULT_LOCALE, page=page)
        for page in range(1, pages + 1)
    ]
    return _xml(render_template("site/sitemaps.xml", locations=locations))


@blueprint.get("/sitemap-<int:page>.xml")
@page_cache.public_page("days", "magazine", "plans")
def sitemap_page(page: int) -> Response:
    """List one page of the public addresses."""
    places = list(_places(page)) if page else []
    if not places:
        abort(404)
    fixed = list(_fixed_places()) if page == 1 else []
    return _xml(render_template("site/sitemap.xml", places=[*fixed, *places]))


def _fixed_places() -> Iterable[tuple[dict[str, str], datetime | None]]:
    for endpoint in _FIXED:
        yield _in_each_language(links.absolute(endpoint, locale=i18n.DEFAULT_LOCALE)), None
    for slug in queries.SLUGS:
        address = links.absolute("site_texts.text", locale=i18n.DEFAULT_LOCALE, slug=slug)
        yield _in_each_language(address), None


def _places(page: int) -> Iterable[tuple[dict[str, str], datetime | None]]:
    for address in queries.public_addresses(page=page, size=PAGE_SIZE):
        yield _in_each_language(_location(address)), address.updated_at


def _location(address: Address) -> str:
    values: dict[str, str | int | None] = {"slug": address.slug, "position": address.position}
    if address.endpoint == "magazine.issue":
        values = {"number": address.position}
    given = {name: value for name, value in values.items() if value is not None}
    return links.absolute(address.endpoint, locale=i18n.DEFAULT_LOCALE, **given)


def _in_each_language(location: str) -> dict[str, str]:
    """Return the address in every language, by language; ``location`` is the default one's."""
    public = links.absolute_path("")
    path = location.removeprefix(public)
    return {
        i18n.DEFAULT_LOCALE: location,
        **{locale: f"{public}/{locale}{path}" for locale in i18n.PREFIXED_LOCALES},
    }


def _xml(body: str) -> Response:
    response = make_response(body)
    response.content_type = "application/xml; charset=utf-8"
    return response
