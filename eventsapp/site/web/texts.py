"""The texts of the site as its readers see them."""

import re

from flask import Blueprint, abort, render_template
from markupsafe import Markup, escape

from eventsapp.core import facts, i18n, markdown, page_cache
from eventsapp.core.slugs import slugify
from eventsapp.site import queries
from eventsapp.site.values import SiteText
from eventsapp.terms.queries import known_facts

_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)

blueprint = Blueprint("site_texts", __name__)


@blueprint.get("/<any('mentions-legales', confidentialite, accessibilite, 'conditions-generales'):slug>/")
@page_cache.public_page("site")
def text(slug: str) -> str:
    """Show a text of the site."""
    if slug not in queries.SLUGS:
        abort(404)
    found = queries.text(slug, locale=i18n.locale_code())
    html, contents = rendered(found)
    return render_template("site/text.html", text=found, html=html, contents=contents)


def rendered(found: SiteText) -> tuple[Markup, list[tuple[str, str]]]:
    """Return the text as HTML, its headings addressable, and the list of them as (address, heading)."""
    filled = facts.fill(found.body, known_facts(), missing=facts.MISSING.get(found.locale, facts.OPEN))
    contents: list[tuple[str, str]] = []

    def name(match: re.Match[str]) -> str:
        words = Markup(match[1]).striptags()  # noqa: S704 - only to take its tags off
        address = slugify(words)
        if address in {other for other, _ in contents}:
            address = f"{address}-{len(contents) + 1}"
        contents.append((address, words))
        return f'<h2 id="{escape(address)}">{match[1]}</h2>'

    return Markup(_HEADING.sub(name, markdown.to_html(filled))), contents  # noqa: S704 - cleaned by to_html
