"""What matches what: words, their stems, names alike, excerpts.

Words are brought to their forms here and not in the database, so that SQLite and PostgreSQL find the same things.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

from eventsapp.core.texts import fold

#: The longest word that is kept, and the most words of a search and of a field, so that nobody can make it slow.
LONGEST_WORD = 40
MOST_SEARCHED = 8
MOST_INDEXED = 10_000
#: The shortest beginning of a word that finds the rest of it.
SHORTEST_PREFIX = 2
#: Names are alike when they share this part of the searched name's trigrams.
ALIKE = 0.5
#: The shortest word that is taken for a slip of another, and the longest in which one letter may differ, not two.
SHORTEST_MENDED, _SHORT = 4, 5
#: Characters of an excerpt.
EXCERPT = 220

#: Letters and digits that stand together; an acronym with its full stops (« D.G.S. ») is one word, kept as « dgs ».
_WORD = re.compile(r"(?:(?<![^\W_])[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?|[^\W_]+")
#: Words so frequent that they tell nothing, without accents.
_EMPTY = frozenset({
    "a", "ai", "aient", "ainsi", "alors", "au", "aucun", "aucune", "aussi", "autre", "autres", "aux", "avait",
    "avant", "avec", "avez", "avoir", "avons", "c", "car", "ce", "ceci", "cela", "celle", "celles", "celui", "ces",
    "cet", "cette", "ceux", "chaque", "chez", "ci", "comme", "comment", "d", "dans", "de", "depuis", "des", "dont",
    "du", "elle", "elles", "en", "encore", "entre", "est", "et", "etaient", "etait", "etant", "etc", "ete", "etes",
    "etre", "eux", "font", "il", "ils", "j", "je", "jusqu", "l", "la", "le", "les", "leur", "leurs", "lui", "m", "ma",
    "mais", "me", "meme", "memes", "mes", "mon", "n", "ne", "ni", "nos", "notre", "nous", "on", "ont", "ou", "par",
    "parce", "pas", "pendant", "peu", "peut", "plus", "pour", "pourquoi", "qu", "quand", "que", "quel", "quelle",
    "quelles", "quels", "qui", "s", "sa", "sans", "se", "selon", "sera", "ses", "si", "son", "sont", "sous", "sur",
    "t", "ta", "te", "tes", "ton", "tous", "tout", "toute", "toutes", "tres", "tu", "un", "une", "vers", "vos",
    "votre", "vous", "y",
})  # fmt: skip

_stemmer = snowballstemmer.stemmer("french")
#: The stemmer keeps its place in the word it works on.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Term:
    """One searched word: it is found in any of its forms, or at the beginning of a word."""

    forms: tuple[str, ...]
    prefix: str | None = None

    def found_in(self, word: str) -> bool:
        """Return whether ``word`` is the searched one in another form."""
        plain = _plain(word)
        if self.prefix is not None and plain.startswith(self.prefix):
            return True
        # Stemming is slow, and changes only the end of a word.
        return plain[:2] in {form[:2] for form in self.forms} and not set(self.forms).isdisjoint(forms(word))


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, accents kept, those that tell nothing left out."""
    return [word for word in _all_words(text) if _plain(word) not in _EMPTY and _plain(word)]


def is_too_common(searched: str) -> bool:
    """Return whether a search has words, and only such as tell nothing: they are never looked for."""
    return not words(searched) and any(_plain(word) in _EMPTY for word in _all_words(searched))


@lru_cache(maxsize=100_000)
def forms(word: str) -> tuple[str, ...]:
    """Return what a word (as ``words`` gives it) is kept as: without accents, and its stems with and without them.

    The stem of « mutualisée » is known only with its accent, and many people type none; so both are kept.
    """
    plain = _plain(word)
    found = [_plain(_stem(word)), _stem(plain)]
    if len(plain) > 3 and plain[-1] in "sx":
        # The stemmer leaves short words alone: « élus » would not be found by « élu ».
        found.append(plain[:-1])
    return tuple(filter(None, dict.fromkeys([*found, plain])))


def indexed(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the forms of each word of a text to index."""
    return (forms(word) for word in words(text)[:MOST_INDEXED])


def terms(searched: str) -> list[Term]:
    """Return the words to look for, all of which must be found; the last one may be the beginning of a word."""
    found = words(searched)[:MOST_SEARCHED]
    made = [Term(forms(word)) for word in found[:-1]]
    if found:
        prefix = _plain(found[-1])
        made.append(Term(forms(found[-1]), prefix if len(prefix) >= SHORTEST_PREFIX else None))
    return made


def trigrams(name: str) -> frozenset[str]:
    """Return the groups of three letters of a name, beginnings and ends of its words marked by spaces."""
    return frozenset(
        f"  {word} "[place : place + 3] for word in map(_plain, _all_words(name)) for place in range(len(word) + 1)
    )


def shared_for(name: str) -> int:
    """Return how many trigrams a name must share with the searched one to be alike; 0 for one too short to tell."""
    searched = trigrams(name)
    return max(3, math.ceil(len(searched) * ALIKE)) if len(searched) >= 5 else 0


def known_words(text: str) -> frozenset[str]:
    """Return the words of a title or of names that somebody may have meant: those long enough to be told apart."""
    return frozenset(word for word in words(text) if len(word) >= SHORTEST_MENDED)


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that ``word`` is a slip of, the first of the nearest; ``None`` when all are too far."""
    typed = _plain(word)
    if len(typed) < SHORTEST_MENDED:
        return None
    most = 1 if len(typed) <= _SHORT else 2
    apart = {each: distance(typed, _plain(each), most=most) for each in candidates}
    near = [each for each, steps in apart.items() if steps <= most]
    return min(near, key=lambda each: apart[each]) if near else None


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters have to be put in, left out, replaced or swapped with the next; beyond ``most`` any more.

    That is Damerau’s distance, a letter being swapped once.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        following = [place]
        for at, wanted in enumerate(other, start=1):
            steps = min(row[at] + 1, following[at - 1] + 1, row[at - 1] + (letter != wanted))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == wanted:
                steps = min(steps, before[at - 2] + 1)
            following.append(steps)
        if min(following) > most:
            return most + 1
        before, row = row, following
    return row[-1]


def with_words(searched: str, mended: Mapping[str, str]) -> str:
    """Return what was searched with some of its words, as ``words`` gives them, written otherwise."""
    return _WORD.sub(lambda found: mended.get(_lower(found.group())[:LONGEST_WORD], found.group()), searched)


def excerpt(text: str, searched: Sequence[Term], *, width: int = EXCERPT) -> list[tuple[str, bool]]:
    """Return a piece of about ``width`` characters where the terms stand, as (piece, is found), to be joined."""
    found = [match.span() for match in _WORD.finditer(text) if _is_found(match.group(), searched)]
    start, end = _window(text, found, width)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    place = start
    for first, last in found:
        if start <= first and last <= end:
            pieces += [(text[place:first], False), (text[first:last], True)]
            place = last
    pieces.append((text[place:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return [(piece, is_found) for piece, is_found in pieces if piece]


def marked(text: str, searched: Sequence[Term]) -> list[tuple[str, bool]]:
    """Return the whole text as (piece, is found), to be joined."""
    return excerpt(text, searched, width=max(len(text), 1))


def _is_found(word: str, searched: Iterable[Term]) -> bool:
    lower = _lower(word)
    return _plain(lower) not in _EMPTY and any(term.found_in(lower) for term in searched)


def _window(text: str, found: Sequence[tuple[int, int]], width: int) -> tuple[int, int]:
    """Return the bounds of the piece that shows the first found word, at the limits of words."""
    if len(text) <= width:
        return 0, len(text)
    first = found[0][0] if found else 0
    start = 0 if first < width * 2 // 3 else first - width // 4
    if start:
        space = text.find(" ", start)
        start = space + 1 if 0 <= space < first else first
    end = min(len(text), start + width)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > max(start, first) else end
    return start, end


def _all_words(text: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _WORD.findall(_lower(text))]


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _plain(word: str) -> str:
    """Return a word without accents; what a letter falls apart into (½ is 1⁄2) loses its signs."""
    return "".join(filter(str.isalnum, fold(word) or ""))


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    with _one_at_a_time:
        stem: str = _stemmer.stemWord(word)
    return stem
