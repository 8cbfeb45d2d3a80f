"""Markdown of editors: one parser for pages and papers, and HTML that cannot harm.

CommonMark, tables and notes (``text[^1]``, and ``[^1]: what it says`` on a line of its own), without raw HTML. An image
is one of our own files, whose address says how large it is (``picture_address``); another leaves nothing, since it
would ask another site. Two blocks are the magazine's own::

    ::: box Doc-Doc | Ce que chacun met en commun
    A box on a tinted ground; the label before the bar is optional.
    :::

    ::: quote [Anne Roux](/intervenants/anne-roux/), directrice générale
    A sentence pulled out of the text; who said it is optional, and may be a link.
    :::
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from eventsapp.core import french

_TAGS = {
    "p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "sup", "section",
    "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "aside", "figure", "figcaption", "img",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "id", "aria-label"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"aria-label"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
}
_CLASSES = {
    "aside": {"box"},
    "figure": {"pull-quote", "in-text"},
    "p": {"box-label", "box-title"},
    "sup": {"note-call"},
    "section": {"notes"},
    "th": {"right", "center"},
    "td": {"right", "center"},
}
_PICTURE = re.compile(r"/fichiers/([A-Za-z0-9_-]{32})/([1-9]\d{0,3})x([1-9]\d{0,3})\.(?:png|jpg|webp)")
#: Widths, in pixels, in which a picture is also served (``files/delivery``), and how wide one in a text is shown.
PICTURE_WIDTHS = (320, 640, 1280)
_IN_TEXT = "(width < 48rem) 100vw, 40rem"
#: The call of a note, which would stand there as it is typed where the note itself is not shown.
_NOTE_CALL = re.compile(r"\[\^[^\]\s]{1,60}\](?!:)")
#: The page's title is the first heading; the text begins one below.
#: What means something within a line, and what is printed instead.
_MEANING = str.maketrans({"\\": " ", "*": " ", "_": " ", "[": "(", "]": ")", "`": "’"})
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
#: Columns that are not set to the left.
_ALIGNED = {"text-align:right": "right", "text-align:center": "center"}


@dataclass(frozen=True, slots=True)
class PictureInText:
    """A picture that a text shows: the key of its file, its size in pixels, what it shows, what stands under it."""

    key: str
    width: int
    height: int
    alt: str
    caption: str


@cache
def parser() -> MarkdownIt:
    """Return the parser, its extensions in place."""
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.enable("table").disable(["html_block", "html_inline"])
    markdown.use(container_plugin, "box", render=_render_box)
    markdown.use(container_plugin, "quote", render=_render_quote)
    markdown.use(footnote_plugin, inline=False)
    for name, render in _NOTES.items():
        markdown.add_render_rule(name, render)
    markdown.add_render_rule("image", _render_image)
    markdown.core.ruler.push("french", _typeset)
    return markdown


@lru_cache(maxsize=256)
def to_html(text: str) -> Markup:
    """Return ``text`` as HTML, cleaned: no script, no style, no foreign image, no address but http(s), mailto, tel."""
    return Markup(  # noqa: S704 - cleaned in the same expression
        nh3.clean(
            _render(text),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            allowed_classes=_CLASSES,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener",
        )
    )


def to_text(text: str) -> str:
    """Return ``text`` without its markup, for search and summaries."""
    words = []
    for token in parser().parse(text):
        words += [child.content for child in token.children or () if child.type in {"text", "code_inline"}]
    return " ".join(words)


@lru_cache(maxsize=256)
def beginning(text: str, *, paragraphs: int) -> str:
    """Return the source of ``text`` to the end of its paragraph number ``paragraphs``, headings between them included.

    It stops before the first block of another kind, and never takes the last block: something always remains.
    """
    end = seen = 0
    for block in [token for token in parser().parse(text) if token.level == 0 and token.map][:-1]:
        if seen == paragraphs or block.type not in {"paragraph_open", "heading_open"} or block.map is None:
            break
        if block.type == "paragraph_open":
            seen, end = seen + 1, block.map[1]
    return _NOTE_CALL.sub("", "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:end]))


def words_alone(text: str) -> str:
    """Return words that mean nothing in Markdown, on one line: within a link, of a picture, at the head of a quote."""
    return " ".join(text.translate(_MEANING).split())


def picture_address(key: str, *, width: int, height: int, ending: str) -> str:
    """Return how a text names a stored picture: it says its size, so that nothing moves when the picture comes."""
    return f"/fichiers/{key}/{width}x{height}.{ending}"


def picture_of(image: Token) -> PictureInText | None:
    """Return what an image of a parsed text shows, or ``None`` where it is none of our files."""
    found = _PICTURE.fullmatch(str(image.attrs.get("src", "")))
    if found is None:
        return None
    caption = french.typeset(str(image.attrs.get("title", "")))
    return PictureInText(found[1], int(found[2]), int(found[3]), french.typeset(image.content), caption)


def images(tokens: Sequence[Token]) -> Iterator[Token]:
    """Go through the images of a parsed text."""
    return (child for token in tokens for child in token.children or () if child.type == "image")


def pictures(text: str) -> list[PictureInText]:
    """Return the pictures that a text shows, in their order."""
    found = (picture_of(image) for image in images(parser().parse(text))) if "/fichiers/" in text else ()
    return [picture for picture in found if picture is not None]


def attribution(info: str) -> list[Token]:
    """Return who said a quote, from what follows its fence, as the pieces of a line; none when nobody is named."""
    said_by = info.strip().removeprefix("quote").strip()
    return (parser().parseInline(said_by)[0].children or []) if said_by else []


def box_heading(info: str) -> tuple[str, str]:
    """Return the label and the title of a box from what follows its fence; either may be empty."""
    label, bar, title = info.strip().removeprefix("box").partition("|")
    return (label.strip(), title.strip()) if bar else ("", label.strip())


def _render_box(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    if tokens[index].nesting != 1:
        return "</aside>\n"
    label, title = box_heading(tokens[index].info)
    parts = ['<aside class="box">']
    if label:
        parts.append(f'<p class="box-label">{escape(french.typeset(label))}</p>')
    if title:
        parts.append(f'<p class="box-title">{escape(french.typeset(title))}</p>')
    return "\n".join(parts) + "\n"


def _render_quote(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    if tokens[index].nesting == 1:
        return '<figure class="pull-quote">\n'
    said_by = attribution(tokens[index].info)
    caption = f"<figcaption>{renderer.render(said_by, options, env)}</figcaption>\n" if said_by else ""
    return f"{caption}</figure>\n"


def _render_image(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    picture = picture_of(tokens[index])
    if picture is None:
        return ""
    own = str(tokens[index].attrs["src"])
    sources = [
        (f"/fichiers/{picture.key}/largeur/{width}/", width) for width in PICTURE_WIDTHS if width < picture.width
    ]
    if picture.width <= PICTURE_WIDTHS[-1]:
        sources.append((own, picture.width))
    shown = Markup('<img src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" loading="lazy">').format(
        sources[min(1, len(sources) - 1)][0],
        ", ".join(f"{address} {width}w" for address, width in sources),
        _IN_TEXT,
        picture.alt,
        picture.width,
        picture.height,
    )
    if not tokens[index].meta.get("alone"):
        return str(shown)
    caption = Markup("\n<figcaption>{}</figcaption>").format(picture.caption) if picture.caption else ""
    return str(Markup('<figure class="in-text">{}{}</figure>\n').format(shown, caption))


def _call(token: Token) -> str:
    """Return the name of the place of a call; the second call of a note has one of its own."""
    again = token.meta["subId"]
    return f"appel-{token.meta['id'] + 1}" + (f"-{again + 1}" if again else "")


def _render_note_call(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    number = tokens[index].meta["id"] + 1
    return f'<sup class="note-call"><a href="#note-{number}" id="{_call(tokens[index])}">{number}</a></sup>'


def _render_note_anchor(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    number = tokens[index].meta["id"] + 1
    return f' <a href="#{_call(tokens[index])}" aria-label="Revenir à l’appel de la note {number}">↩</a>'


def _render_note(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return f'<li id="note-{tokens[index].meta["id"] + 1}">'


#: How notes are written out: their calls in the text, the list of them at its end.
_NOTES = {
    "footnote_ref": _render_note_call,
    "footnote_block_open": lambda *_parts: '<section class="notes" aria-label="Notes">\n<ol>\n',
    "footnote_block_close": lambda *_parts: "</ol>\n</section>\n",
    "footnote_open": _render_note,
    "footnote_close": lambda *_parts: "</li>\n",
    "footnote_anchor": _render_note_anchor,
}


def _render(text: str) -> str:
    markdown = parser()
    environment: EnvType = {}
    tokens = _without_empty_heads(markdown.parse(text, environment))
    return str(markdown.renderer.render(tokens, markdown.options, environment))


def _without_empty_heads(tokens: list[Token]) -> list[Token]:
    """Leave out the heads of tables in which nothing is written: a reader by ear would hear empty headings."""
    kept: list[Token] = []
    head = 0
    for token in tokens:
        if token.type == "thead_open":
            head = len(kept)
        kept.append(token)
        if token.type == "thead_close" and not any(each.content for each in kept[head:]):
            del kept[head:]
    return kept


def _typeset(state: StateCore) -> None:
    """Set the words in type, and tell the renderers what a single token does not know."""
    quotes: list[str] = []
    for place, token in enumerate(state.tokens):
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if aligned := _ALIGNED.get(str(token.attrs.get("style", ""))):
            token.attrs["class"] = aligned
        if token.type == "container_quote_open":
            quotes.append(token.info)
        elif token.type == "container_quote_close":
            token.info = quotes.pop()
        if token.type == "inline":
            _typeset_line(token.children or [])
            if 0 < place < len(state.tokens) - 1:
                _set_alone(token.children or [], around=(state.tokens[place - 1], state.tokens[place + 1]))


def _typeset_line(children: Sequence[Token]) -> None:
    before, depth = "", 0
    for child in children:
        if child.type == "text":
            typed = child.content
            child.content = french.typeset(typed, before=before, depth=depth)
            depth = french.quotes_open(typed, before=before, depth=depth)
        before = " " if child.type in {"softbreak", "hardbreak"} else child.content[-1:] or before


def _set_alone(children: Sequence[Token], *, around: tuple[Token, Token]) -> None:
    """Let a picture that is a paragraph of its own be a figure instead."""
    if len(children) == 1 and children[0].type == "image" and around[0].type == "paragraph_open":
        children[0].meta["alone"] = True
        for token in around:
            token.hidden = True


def paragraphs(text: str) -> Markup:
    """Return plain text of visitors as paragraphs, everything in it shown literally."""
    blocks: list[Any] = [
        Markup("<br>").join(escape(line) for line in block.splitlines())
        for block in text.replace("\r\n", "\n").split("\n\n")
        if block.strip()
    ]
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in blocks)
