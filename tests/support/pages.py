"""Reading a page as a person does: the rows of its table, the links by their text, the fields of its form."""

from html.parser import HTMLParser

_VOID = {"input", "br", "meta", "link", "img", "hr", "path", "circle", "rect", "line"}


class Page(HTMLParser):
    """What a page shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        #: Cells of each row of the tables' bodies, their text on one line; a box to tick the row is none.
        self.rows: list[list[str]] = []
        #: Text of a link on one line → address.
        self.links: dict[str, str] = {}
        #: Name of an input → value; a select has its chosen option, a textarea its text.
        self.fields: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tr":
            self.rows.append([])
        if tag == "input" and given.get("name"):
            checkable = given.get("type") in {"checkbox", "radio"}
            if not checkable or "checked" in given:
                self.fields[str(given["name"])] = given.get("value") or ""
        if tag == "option" and "selected" in given:
            select = next(given for name, given, _ in reversed(self._open) if name == "select")
            self.fields[str(select.get("name"))] = given.get("value") or ""
        if tag not in _VOID:
            self._open.append((tag, given, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, given, texts = self._open.pop()
            text = " ".join("".join(texts).split())
            if name == "a":
                self.links[text] = given.get("href") or ""
            elif name == "td" and "pick" not in (given.get("class") or "").split():
                self.rows[-1].append(text)
            elif name == "textarea":
                self.fields[str(given.get("name"))] = "".join(texts).lstrip("\r\n")
            elif name == "table":
                self.rows = [row for row in self.rows if row]
            if self._open:
                self._open[-1][2].extend(texts)
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)
