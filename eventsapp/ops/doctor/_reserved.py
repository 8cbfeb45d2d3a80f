"""I9: what only subscribers may read is in nothing that everybody can fetch."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from flask import current_app

from eventsapp.core import markdown, settings
from eventsapp.core.db import db
from eventsapp.magazine import queries
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.search.models import entries
from eventsapp.search.values import Kind

#: Articles that are looked for, the last ones first.
MOST_ARTICLES = 20
#: Pages on which any of them may be told of; each also has its own.
_EVERYWHERE = ("/", "/magazine/", "/articles/flux.atom", "/sitemap.xml")
#: Seven words or more in a row, without a mark that a page would write another way.
_SENTENCE = re.compile(r"(?:[^\W\d_]+ ){6,}[^\W\d_]+")
_LONGEST = 120


def leaks() -> list[str]:
    """Return the addresses that show anybody a sentence of a body reserved to subscribers."""
    reserved = db.session.execute(
        sa.select(
            Article.id, Article.slug, Article.kind, Article.title, Article.lead, Article.body, Article.free_paragraphs
        )
        .where(Article.status == ArticleStatus.PUBLISHED, Article.access == Access.SUBSCRIBERS)
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(MOST_ARTICLES)
    ).all()
    open_to_all = queries.reading_terms().free_paragraphs
    sentences = {
        row.slug: _sentence(
            row.body,
            but=f"{row.title} {row.lead} "
            + markdown.beginning(
                row.body, paragraphs=open_to_all if row.free_paragraphs is None else row.free_paragraphs
            ),
        )
        for row in reserved
    }
    problems = []
    for row in reserved:
        if not (sentence := sentences[row.slug]):
            continue
        indexed = db.session.scalar(
            sa.select(sa.func.count()).where(
                entries.c.kind == Kind.ARTICLE,
                entries.c.object_id == row.id,
                entries.c.text.contains(sentence, autoescape=True),
            )
        )
        if indexed:
            problems.append(f"article {row.slug}: a sentence of its body is in the search index")
        problems += [
            f"article {row.slug}: its body is at {path}"
            for path in _own_addresses(row.slug, row.kind)
            if sentence in (page := _anonymous(path)) or page.startswith("%PDF")
        ]
    if reserved:
        problems += list(_told_elsewhere({slug: sentence for slug, sentence in sentences.items() if sentence}))
    return problems


def _own_addresses(slug: str, kind: ArticleKind) -> tuple[str, ...]:
    own = (f"/articles/{slug}/", f"/articles/{slug}.pdf", f"/en/articles/{slug}/")
    return (*own, f"/api/v1/reports/{slug}") if kind is ArticleKind.REPORT else own


def _told_elsewhere(sentences: dict[str, str]) -> Iterator[str]:
    for path in _EVERYWHERE:
        page = _anonymous(path)
        for slug, sentence in sentences.items():
            if sentence in page:
                yield f"article {slug}: a sentence of its body is at {path}"


def _sentence(body: str, *, but: str) -> str:
    """Return a stretch of words that stands in the body alone; empty where there is none to be told by."""
    found = [match[0][:_LONGEST].rsplit(" ", 1)[0] for match in _SENTENCE.finditer(body)]
    return max((words for words in found if words not in but), key=len, default="")


def _anonymous(path: str) -> str:
    """Return what anybody gets at that address; of a file that is no text, its beginning."""
    # In a context of its own: the request ends by rolling its session back, which is not ours.
    with current_app.app_context():
        answer = current_app.test_client(use_cookies=False).get(path, base_url=settings.current().public_url)
    return answer.get_data().decode(errors="replace")
