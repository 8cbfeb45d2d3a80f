"""An article as catalogues describe it: Dublin Core, and the tags of Google Scholar; never the text itself."""

from collections.abc import Iterator

from eventsapp.core import clock, links, settings
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access
from eventsapp.papers.characters import writable

#: What a catalogue says of who may read, in French as all it says.
_RIGHTS = {Access.PUBLIC: "Accès libre", Access.SUBSCRIBERS: "Réservé aux abonnés"}


def address(article: Article) -> str:
    """Return the address of the article that catalogues keep: the French page."""
    return links.absolute("magazine.article", locale=DEFAULT_LOCALE, slug=article.slug)


def elements(article: Article) -> Iterator[tuple[str, str]]:
    """Give the fifteen elements that the article has, each name as often as it has values.

    Loaded: section, issue, authors, tags.
    """
    yield "title", writable(article.title)
    if article.subtitle:
        yield "title", writable(article.subtitle)
    for name in _signers(article):
        yield "creator", writable(name)
    if article.section:
        yield "subject", writable(article.section.name)
    for tag in article.tags:
        yield "subject", writable(tag.name)
    if article.lead:
        yield "description", writable(article.lead)
    yield "publisher", settings.current().site_name
    if article.dated_at:
        yield "date", clock.local_date(article.dated_at).isoformat()
    yield "type", "Text"
    yield "format", "text/html"
    yield "identifier", address(article)
    if article.issue:
        yield "source", f"{settings.current().site_name}, n° {article.issue.number}"
        yield "relation", links.absolute("magazine.issue", locale=DEFAULT_LOCALE, number=article.issue.number)
    yield "language", "fr"
    yield "rights", _RIGHTS[article.access]


def tags(article: Article) -> list[tuple[str, str]]:
    """Return what stands in the head of the article's page: Dublin Core, then ``citation_*``."""
    return [*((f"DC.{name}", value) for name, value in elements(article)), *citation(article)]


def citation(article: Article) -> Iterator[tuple[str, str]]:
    """Give the ``citation_*`` tags that reference managers read; loaded as for ``elements``."""
    yield "citation_title", article.title
    for name in _signers(article):
        yield "citation_author", name
    if article.dated_at:
        yield "citation_publication_date", f"{clock.local_date(article.dated_at):%Y/%m/%d}"
    yield "citation_journal_title", settings.current().site_name
    if article.issue:
        yield "citation_issue", str(article.issue.number)
    yield "citation_language", "fr"
    yield "citation_abstract_html_url", address(article)
    if article.access is Access.PUBLIC:
        yield "citation_pdf_url", links.absolute("magazine.article_pdf", locale=DEFAULT_LOCALE, slug=article.slug)


def _signers(article: Article) -> list[str]:
    return [author.name for author in article.authors] or [article.byline][: bool(article.byline)]
