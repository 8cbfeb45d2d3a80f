"""Where the lines of a French page may break though French does not: before « : ; ? ! » and after « « »."""

import re
from html.parser import HTMLParser

#: What is not typeset: code, and what somebody typed or will.
_NOT_READ = {"code", "head", "kbd", "option", "pre", "script", "style", "textarea"}
#: What stands in the line around it.
_INLINE = {"a", "abbr", "b", "button", "cite", "em", "i", "small", "span", "strong", "time", "wbr"}
_SAID = ("alt", "aria-label", "placeholder", "title")
_VOID = {"area", "base", "br", "circle", "col", "hr", "img", "input", "link", "meta", "path", "rect", "source", "wbr"}
_BREAKABLE = re.compile(r"\S*[ \n]+(?:[;?!»](?!\w)|:(?=\s|$))|«[ \n]+\S*")


class _Reader(HTMLParser):
    """Collects what a page says in French, block by block."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said = [""]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_read = (self.open[-1][1] if self.open else True) and tag not in _NOT_READ
        language = given.get("lang")
        is_read = is_read and language in {None, "fr"}
        if is_read:
            self.said[:0] = [given[name] or "" for name in _SAID if given.get(name)]
        if tag not in _VOID:
            self.open.append((tag, is_read))
        if tag not in _INLINE:
            self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _is_read in self.open):
            while self.open.pop()[0] != tag:
                pass
        if tag not in _INLINE:
            self.said.append("")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1][1]:
            self.said[-1] += data


def breakable(page: str) -> list[str]:
    """Return the places of a French page where a line may break before a high sign or just within « »."""
    reader = _Reader()
    reader.feed(page)
    return [found.strip() for said in reader.said for found in _BREAKABLE.findall(said.strip())]
