"""What the writer of a text in Markdown is told about it before readers see it: headings, images, notes."""

import re
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from markdown_it.token import Token

from eventsapp.core import markdown

_CALL = re.compile(r"\[\^([^\]\s]{1,60})\]")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,60})\]:", re.MULTILINE)
#: The title of the page; the first heading of a text is one below.
_TITLE_LEVEL = 1
#: Letters of a heading by which a message names it.
_NAMED_BY = 60


def remarks(text: str) -> list[str]:
    """Return what is to be mended in a text, in its order; nothing when all is well."""
    tokens = markdown.parser().parse(text)
    return [*_of_headings(tokens), *_of_images(tokens), *_of_notes(tokens, text)]


def undescribed_images(text: str) -> int:
    """Return how many images of a text nothing describes to those who do not see them."""
    return sum(not image.content.strip() for image in markdown.images(markdown.parser().parse(text)))


def _of_headings(tokens: Sequence[Token]) -> Iterator[str]:
    level = _TITLE_LEVEL
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = " ".join(tokens[place + 1].content.split())
        name = words if len(words) <= _NAMED_BY else f"{words[:_NAMED_BY].rstrip()}…"
        asked = len(token.markup) if token.markup[0] == "#" else "=-".index(token.markup[0]) + 1
        if not words:
            yield _("Un intertitre est vide.")
        elif asked == _TITLE_LEVEL:
            yield _("« %(heading)s » : un dièse est le titre de la page ; un intertitre en prend deux.", heading=name)
        elif asked > level + 1:
            yield _(
                "« %(heading)s » saute un niveau : il lui faut %(marks)s.",
                heading=name,
                marks=f"{'#' * (level + 1)}",
            )
        level = max(asked, _TITLE_LEVEL + 1)


def _of_images(tokens: Sequence[Token]) -> Iterator[str]:
    for image in markdown.images(tokens):
        if markdown.picture_of(image) is None:
            yield _("Une image d’un autre site ne paraît pas : ajoutez-la par « Image ».")
        elif not image.content.strip():
            yield _("Une image n’est pas décrite : dites entre les crochets ce qu’elle montre.")


def _of_notes(tokens: Sequence[Token], text: str) -> Iterator[str]:
    children = [child for token in tokens for child in token.children or ()]
    called = {child.meta["label"] for child in children if child.type == "footnote_ref"}
    written = dict.fromkeys(_NOTE.findall(text))
    lost = [name for child in children if child.type == "text" for name in _CALL.findall(child.content)]
    for name in dict.fromkeys(lost):
        yield _("L’appel %(call)s n’a pas de note : écrivez-la après le texte.", call=f"[^{name}]")
    for name in written:
        if name not in called:
            yield _("La note %(note)s n’est appelée nulle part : elle ne paraît pas.", note=f"[^{name}]")
