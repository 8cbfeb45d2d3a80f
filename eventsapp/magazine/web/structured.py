"""What search engines read on the page of an article: schema.org, as JSON-LD. The text itself is never in it."""

from typing import Any

from eventsapp.core import links, settings
from eventsapp.magazine import rules
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access
from eventsapp.speakers.models import Speaker

_SCHEMA = "https://schema.org"
#: The class of the place where readers with a subscription find the text.
RESERVED = ".reserved"


def news_article(article: Article, *, people: list[Speaker]) -> dict[str, Any]:
    """Return the article as a schema.org ``NewsArticle``; loaded as by ``queries.published_article``."""
    url = links.absolute("magazine.article", slug=article.slug)
    publisher = {
        "@type": "NewsMediaOrganization",
        "name": settings.current().site_name,
        "url": links.absolute("site.home"),
    }
    made: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "headline": article.title,
        "description": article.lead,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": "fr",
        "dateModified": article.updated_at.isoformat(),
        "author": _authors(article) or publisher,
        "publisher": publisher,
        "timeRequired": f"PT{rules.reading_minutes(article.body)}M",
        "isAccessibleForFree": article.access is Access.PUBLIC,
    }
    if article.access is not Access.PUBLIC:
        made["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": RESERVED}
    if article.dated_at:
        made["datePublished"] = article.dated_at.isoformat()
    if article.cover:
        made["image"] = {
            "@type": "ImageObject",
            "url": links.absolute("files.show", key=article.cover.key),
            "width": article.cover.width,
            "height": article.cover.height,
            "caption": article.cover_alt,
            "creditText": article.cover_credit or settings.current().site_name,
        }
    if article.subtitle:
        made["alternativeHeadline"] = article.subtitle
    if article.tags:
        made["keywords"] = [tag.name for tag in article.tags]
    if article.section:
        made["articleSection"] = article.section.name
    if article.issue:
        made["isPartOf"] = {
            "@type": "PublicationIssue",
            "issueNumber": str(article.issue.number),
            "url": links.absolute("magazine.issue", number=article.issue.number),
        }
    if article.study_day:
        made["about"] = {
            "@type": "Event",
            "name": article.study_day.title,
            "startDate": article.study_day.date.isoformat(),
            "location": {"@type": "Place", "name": article.study_day.city.name, "address": article.study_day.city.name},
        }
    if people:
        made["mentions"] = [{"@type": "Person", "name": speaker.name} for speaker in people]
    return made


def _authors(article: Article) -> Any:
    """Return who wrote it, nobody where the house itself does: « la rédaction »."""
    if article.authors:
        return [
            {
                "@type": "Person",
                "name": author.name,
                "url": links.absolute("magazine_shelves.author", slug=author.slug),
            }
            for author in article.authors
        ]
    named = bool(article.byline) and article.byline.casefold() != "la rédaction"
    return {"@type": "Person", "name": article.byline} if named else None
