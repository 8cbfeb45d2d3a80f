"""Who signs an article, and the words it is filed under."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from eventsapp.core import plain_text, slugs
from eventsapp.core.db import db, on_sqlite
from eventsapp.core.errors import Invalid
from eventsapp.magazine import rules
from eventsapp.magazine.models import BYLINE_LENGTH, Article, ArticleAuthor, Tag
from eventsapp.magazine.queries import newsroom

#: Words that one article can be filed under.
MOST_TAGS = 12
TAG_LENGTH = 80


def sign(article: Article, names: Sequence[str]) -> None:
    """Let these people sign, in this order; without any, the byline stays as it was written.

    The name of one speaker, and of no other, is the speaker's. Raises ``Invalid`` when the names are too long.
    """
    wanted = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    signed = rules.signature(wanted) if wanted else article.byline
    if len(signed) > BYLINE_LENGTH:
        raise Invalid(
            "Certaines données de l’article sont à corriger.",
            errors={"/authors": _("Ensemble, les noms font plus de 150 signes.")},
        )
    known = newsroom.speakers_by_name(wanted) if wanted else {}
    kept = {author.slug: author for author in article.authors}
    rows: dict[str, ArticleAuthor] = {}
    for name in wanted:
        found = known.get(plain_text.fold(name) or "", [])
        speaker = found[0] if len(found) == 1 else None
        slug = speaker.slug if speaker else slugs.slugify(name)
        row = kept.get(slug) or ArticleAuthor(slug=slug)
        row.name, row.speaker_id = name, speaker.id if speaker else None
        rows.setdefault(slug, row)
    for position, row in enumerate(rows.values(), start=1):
        row.position = position
    article.authors = list(rows.values())
    article.byline = signed


def tags_called(names: Sequence[str]) -> list[Tag]:
    """Return the tags of these names by name, made where there is none; one written otherwise keeps its first name.

    Raises ``Invalid`` for too many, or for one that is too long.
    """
    wanted = {slugs.slugify(name): " ".join(name.split()) for name in reversed(names) if name.strip()}
    if len(wanted) > MOST_TAGS or any(len(name) > TAG_LENGTH for name in wanted.values()):
        raise Invalid(
            "Certaines données de l’article sont à corriger.",
            errors={"/tags": _("Donnez douze mots-clés au plus, de 80 signes chacun.")},
        )
    missing = wanted.keys() - {tag.slug for tag in newsroom.tags(list(wanted))}
    if missing:
        # Somebody else may make one at this moment: theirs is found below.
        insert = sqlite.insert if on_sqlite() else postgresql.insert
        rows = [{"slug": slug, "name": wanted[slug]} for slug in sorted(missing)]
        db.session.execute(insert(Tag).values(rows).on_conflict_do_nothing(index_elements=["slug"]))
    return sorted(newsroom.tags(list(wanted)), key=lambda tag: tag.name) if wanted else []
