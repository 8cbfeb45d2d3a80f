"""What was meant by a search that finds nothing: its words, mended by those of titles and names."""

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.search import rules
from eventsapp.search.models import vocabulary
from eventsapp.search.queries._found import has_entry

#: The most words that are mended, and the words looked at for each.
_MOST_WORDS, _MOST_CANDIDATES = 4, 40


def meant(searched: str) -> str | None:
    """Return the search that was meant, which finds something; ``None`` when nobody can tell."""
    mended = {}
    for word in rules.words(searched)[:_MOST_WORDS]:
        if not has_entry(word):
            better = rules.nearest(word, _candidates(word))
            if better is None:
                return None
            mended[word] = better
    if not mended:
        return None
    proposed = rules.with_words(searched, mended)
    return proposed if has_entry(proposed) else None


def _candidates(word: str) -> list[str]:
    """Return known words that share the most trigrams with ``word``."""
    shared = sa.func.count()
    return list(
        db.session.scalars(
            sa.select(vocabulary.c.word)
            .where(vocabulary.c.trigram.in_(sorted(rules.trigrams(word))))
            .group_by(vocabulary.c.word)
            .order_by(shared.desc(), vocabulary.c.word)
            .limit(_MOST_CANDIDATES)
        )
    )
