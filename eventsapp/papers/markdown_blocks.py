"""Markdown as plain blocks that a paper's template lays out: data, never markup of the template's language."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import cast
from urllib.parse import urljoin, urlsplit

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from eventsapp.core import french, markdown

#: What JSON can carry: ``{"kind": …}`` and the fields of that kind, listed in ``templates/papers/blocks.typ``.
Block = dict[str, object]
#: A piece of a line: text, code, a line break, or strong, emphasis and link around further runs.
Run = dict[str, object]

#: The paper's title is heading 1; templates know headings 2 to 4.
TITLE_LEVEL = 1
DEEPEST_LEVEL = 4
#: Lists in quotes in boxes, marks in marks: what lies deeper keeps its text and loses the wrapping, since archived
#: PDF and Typst both bound how deep things may lie.
MAX_DEPTH = 6
#: Characters up to which a column of a table takes just its width, and beyond which it asks for no more.
NARROW = 14
WIDE = 60
_SCHEMES = {"http", "https", "mailto", "tel"}


def from_text(text: str, *, base_url: str = "") -> list[Block]:
    """Return the blocks of a Markdown text, parsed as the pages parse it."""
    return blocks(markdown.parser().parse(text), base_url=base_url)


def blocks(tokens: Sequence[Token], *, base_url: str = "") -> list[Block]:
    """Return the blocks of a parsed text.

    Relative addresses are completed by ``base_url``, an address that leads nowhere from a paper keeps its text only. A
    picture of ours is a block of its own that says which; whoever makes the paper puts its bytes there. Heading levels
    are brought into order: readers of tagged PDF do not accept a skipped one.
    """
    return _Reader(base_url).blocks(SyntaxTreeNode(tokens).children)


def pictures(found: Iterable[Block]) -> Iterator[Block]:
    """Go through the pictures among blocks, however deep they lie."""
    for block in found:
        if block["kind"] == "picture":
            yield block
        inner = [block.get("blocks", []), *cast("list[object]", block.get("items", []))]
        for part in inner:
            yield from pictures(cast("list[Block]", part))


class _Reader:
    """One reading of a document; remembers where it is: the last heading's level, the box around, the depth."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._level = self._box_level = TITLE_LEVEL
        self._depth = 0
        self._blocks: dict[str, Callable[[SyntaxTreeNode], Iterable[Block]]] = {
            "paragraph": self._paragraph,
            "heading": self._heading,
            "table": self._table,
            "fence": self._code,
            "code_block": self._code,
            "hr": lambda _node: [{"kind": "rule"}],
        }
        self._wrappings: dict[str, Callable[[SyntaxTreeNode], Iterable[Block]]] = {
            "bullet_list": self._list,
            "ordered_list": self._list,
            "blockquote": lambda node: [{"kind": "quote", "blocks": self.blocks(node.children)}],
            "container_quote": self._pull_quote,
            "footnote_block": self._notes,
            "container_box": self._box,
        }
        self._runs: dict[str, Callable[[SyntaxTreeNode], Iterable[Run]]] = {
            "text": lambda node: [{"kind": "text", "text": node.content}],
            "code_inline": lambda node: [{"kind": "code", "text": node.content}],
            "softbreak": lambda _node: [{"kind": "text", "text": " "}],
            "hardbreak": lambda _node: [{"kind": "break"}],
            "image": lambda _node: [],
            "footnote_ref": lambda node: [{"kind": "call", "text": str(node.meta["id"] + 1)}],
            "footnote_anchor": lambda _node: [],
        }
        self._marks: dict[str, Callable[[SyntaxTreeNode], Iterable[Run]]] = {
            "strong": lambda node: [{"kind": "strong", "runs": self.runs(node.children)}],
            "em": lambda node: [{"kind": "emphasis", "runs": self.runs(node.children)}],
            "link": self._link,
        }

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> list[Block]:
        return [block for node in nodes for block in self._block(node)]

    def runs(self, nodes: Iterable[SyntaxTreeNode]) -> list[Run]:
        """Return the runs of a line, empty ones left out and neighbouring texts joined."""
        joined: list[Run] = []
        for run in (run for node in nodes for run in self._run(node)):
            if joined and run["kind"] == joined[-1]["kind"] == "text":
                joined[-1] = {"kind": "text", "text": f"{joined[-1]['text']}{run['text']}"}
            elif run.get("text") != "":
                joined.append(run)
        return joined

    def _block(self, node: SyntaxTreeNode) -> Iterable[Block]:
        if node.type in self._blocks:
            return self._blocks[node.type](node)
        with self._deeper():
            if node.type in self._wrappings and self._depth <= MAX_DEPTH:
                return self._wrappings[node.type](node)
            return self.blocks(node.children)

    def _run(self, node: SyntaxTreeNode) -> Iterable[Run]:
        if node.type in self._runs:
            return self._runs[node.type](node)
        with self._deeper():
            if node.type in self._marks and self._depth <= MAX_DEPTH:
                return self._marks[node.type](node)
            return self.runs(node.children)

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        yield
        self._depth -= 1

    def _line(self, node: SyntaxTreeNode) -> list[Run]:
        return [run for inline in node.children for run in self.runs(inline.children)]

    def _paragraph(self, node: SyntaxTreeNode) -> list[Block]:
        runs = self._line(node)
        paragraph: list[Block] = [{"kind": "paragraph", "runs": runs}] if runs else []
        return [*paragraph, *_pictures(node)]

    def _pull_quote(self, node: SyntaxTreeNode) -> list[Block]:
        said_by = self.runs(SyntaxTreeNode(markdown.attribution(node.info)).children)
        return [{"kind": "pull_quote", "blocks": self.blocks(node.children), "by": said_by}]

    def _notes(self, node: SyntaxTreeNode) -> list[Block]:
        notes = [each for each in node.children if each.type == "footnote"]
        return [{"kind": "notes", "items": [self.blocks(note.children) for note in notes]}]

    def _heading(self, node: SyntaxTreeNode) -> list[Block]:
        asked = max(int(node.tag[1]), self._box_level + 1)
        self._level = min(asked, self._level + 1, DEEPEST_LEVEL)
        return [{"kind": "heading", "level": self._level, "runs": self._line(node)}]

    def _list(self, node: SyntaxTreeNode) -> list[Block]:
        items = [self.blocks(item.children) for item in node.children]
        if node.type == "bullet_list":
            return [{"kind": "list", "items": items}]
        return [{"kind": "numbered_list", "start": int(node.attrs.get("start", 1)), "items": items}]

    def _box(self, node: SyntaxTreeNode) -> list[Block]:
        """A box stands beside the text: its headings go one deeper, and the text goes on where it was."""
        around = self._level, self._box_level
        label, title = markdown.box_heading(node.info)
        if title:
            self._level = self._box_level = min(self._level + 1, DEEPEST_LEVEL)
        box: Block = {
            "kind": "box",
            "label": french.typeset(label),
            "title": french.typeset(title),
            "level": self._level,
            "blocks": self.blocks(node.children),
        }
        self._level, self._box_level = around
        return [box]

    def _table(self, node: SyntaxTreeNode) -> list[Block]:
        rows = [row for part in node.children for row in part.children]
        if not rows:
            return []
        heads = rows[0].children
        return [
            {
                "kind": "table",
                "aligns": [_align(cell) for cell in heads],
                "widths": _widths(rows),
                "head": [self._line(cell) for cell in heads],
                "rows": [[self._line(cell) for cell in row.children] for row in rows[1:]],
            }
        ]

    def _code(self, node: SyntaxTreeNode) -> list[Block]:
        return [{"kind": "code", "text": node.content.rstrip("\n")}]

    def _link(self, node: SyntaxTreeNode) -> list[Run]:
        runs = self.runs(node.children)
        address = self._address(str(node.attrs.get("href", "")))
        return [{"kind": "link", "address": address, "runs": runs}] if address and runs else runs

    def _address(self, written: str) -> str:
        """Return the complete address, or nothing for one that a paper must not carry."""
        try:
            address = urljoin(self._base_url, written)
            return address if urlsplit(address).scheme in _SCHEMES else ""
        except ValueError:
            return ""


def _pictures(node: SyntaxTreeNode) -> list[Block]:
    """Return the pictures of a paragraph, which stand after it."""
    shown = [
        markdown.picture_of(token)
        for inline in node.children
        if inline.token is not None
        for token in markdown.images([inline.token])
    ]
    return [
        {"kind": "picture", "key": picture.key, "alt": picture.alt, "caption": picture.caption}
        for picture in shown
        if picture is not None
    ]


def _widths(rows: Sequence[SyntaxTreeNode]) -> list[int]:
    """Return the share of the width that each column asks for; 0: as narrow as what is in it."""
    longest = [0] * len(rows[0].children)
    for row in rows:
        for column, cell in enumerate(row.children):
            longest[column] = max(longest[column], sum(len(inline.content) for inline in cell.children))
    if max(longest) <= NARROW:
        return [0] * (len(longest) - 1) + [1]
    return [0 if length <= NARROW else min(length, WIDE) for length in longest]


def _align(cell: SyntaxTreeNode) -> str:
    style = str(cell.attrs.get("style", ""))
    return style.removeprefix("text-align:") if style in {"text-align:right", "text-align:center"} else "left"
