"""Markdown of editors: one parser for pages and papers, and HTML that cannot harm.

CommonMark and tables, without raw HTML; an image leaves nothing, since its address would be another site's. Two
blocks are the magazine's own::

    ::: box Doc-Doc | Ce que chacun met en commun
    A box on a tinted ground; the label before the bar is optional.
    :::

    ::: quote
    A sentence pulled out of the text.
    :::
"""

from collections.abc import Sequence
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

from eventsapp.core import french

_TAGS = {
    "p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "aside", "figure",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_CLASSES = {"aside": {"box"}, "figure": {"pull-quote"}, "p": {"box-label", "box-title"}}
#: The page's title is the first heading; the text begins one below.
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}


@cache
def parser() -> MarkdownIt:
    """Return the parser, its extensions in place."""
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.enable("table").disable(["html_block", "html_inline"])
    markdown.use(container_plugin, "box", render=_render_box)
    markdown.use(container_plugin, "quote", render=_render_quote)
    markdown.core.ruler.push("french", _typeset)
    return markdown


@lru_cache(maxsize=256)
def to_html(text: str) -> Markup:
    """Return ``text`` as HTML, cleaned: no script, no style, no image, no address but http(s), mailto and tel."""
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
    return "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:end])


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
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return '<figure class="pull-quote">\n' if tokens[index].nesting == 1 else "</figure>\n"


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
    for token in state.tokens:
        if token.tag in _HEADINGS:
            token.tag = _HEADINGS[token.tag]
        before = ""
        for child in token.children or ():
            if child.type == "text":
                child.content = french.typeset(child.content, before=before)
            before = " " if child.type in {"softbreak", "hardbreak"} else child.content[-1:] or before


def paragraphs(text: str) -> Markup:
    """Return plain text of visitors as paragraphs, everything in it shown literally."""
    blocks: list[Any] = [
        Markup("<br>").join(escape(line) for line in block.splitlines())
        for block in text.replace("\r\n", "\n").split("\n\n")
        if block.strip()
    ]
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in blocks)
