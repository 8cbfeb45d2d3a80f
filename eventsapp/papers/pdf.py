"""PDF: a Typst template and plain data become a tagged document that is archived, copied and read aloud alike."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

from eventsapp.papers.characters import writable
from eventsapp.papers.errors import PaperFailed

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FONTS = Path(__file__).resolve().parent / "fonts"
#: For the archive (with attachments, as Factur-X needs them) and for screen readers, both in one file.
STANDARDS: list["typst.PDFStandard"] = ["a-3a", "ua-1"]
#: A sheet of 5,000 people is about one megabyte of data; Typst itself knows no bound.
MAX_DATA_BYTES = 5_000_000

_TEMPLATE_NAME = re.compile(r"[a-z_]+/[a-z_]+")
#: Marks that turn the direction of what follows: nobody misses them on paper, and a forged name may hide in them.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
#: Private characters, and the last two of each plane, which are none: PDF/A refuses both.
_UNKNOWN = re.compile(
    "[\ue000-\uf8ff\U000f0000-\U0010ffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 15))
    + "]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of text inside the PDF; it comes out as it went in, byte for byte (UTF-8)."""

    name: str
    text: str
    mime: str
    description: str
    #: What it is to the paper, as PDF/A-3 wants it said: ``alternative`` says the same in another form.
    relationship: Literal["alternative", "data", "source", "supplement"]


def render(
    template: str,
    data: Mapping[str, object],
    *,
    title: str,
    language: str = "fr",
    dated: datetime | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the PDF of ``templates/<room>/papers/<name>.typ``; ``template`` is ``<room>/<name>``.

    ``data`` is what JSON can carry. The template gets it as values, so nothing in it is ever read as Typst's markup or
    code. What is attached is kept as it is. ``dated`` (aware; default: now) is the document's date: the same data and
    date give the same bytes. Raises ``PaperFailed``.
    """
    paper = json.dumps(printable(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    size = len(paper.encode())
    if size > MAX_DATA_BYTES:
        raise PaperFailed(f"{template}: {size} bytes of data; at most {MAX_DATA_BYTES}")
    inputs = {
        "data": paper,
        "title": str(printable(title)),
        "language": language,
        "attachments": json.dumps([asdict(file) for file in attachments], ensure_ascii=False),
    }
    return _press(template).print(inputs, dated or datetime.now(UTC))


def printable(value: object) -> object:
    """Return ``value`` with texts that every font and every archive takes, all the way down."""
    if isinstance(value, str):
        return _UNKNOWN.sub("\N{REPLACEMENT CHARACTER}", _TURNING.sub("", writable(value)))
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [printable(item) for item in value]
    return value


class _Press:
    """The compiler of one template. It keeps what it has read and takes one job at a time, hence the lock."""

    def __init__(self, template: str) -> None:
        import typst  # noqa: PLC0415 - 80 MB, for the first paper and not for the web server's start

        path = TEMPLATES.joinpath(*template.split("/")[:1], "papers", template.split("/")[1]).with_suffix(".typ")
        if not path.is_file():
            raise PaperFailed(f"{template}: no template {path}")
        self._template = template
        self._failure: type[Exception] = typst.TypstError
        self._lock = Lock()
        self._compiler = typst.Compiler(path, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True)

    def print(self, inputs: dict[str, str], dated: datetime) -> bytes:
        with self._lock:
            try:
                paper = self._compiler.compile(
                    format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=int(dated.timestamp())
                )
            except self._failure as failure:
                raise PaperFailed(f"{self._template}: {getattr(failure, 'diagnostic', failure)}") from failure
        if not isinstance(paper, bytes):
            raise PaperFailed(f"{self._template}: no document came out")
        return paper


@cache
def _press(template: str) -> _Press:
    if not _TEMPLATE_NAME.fullmatch(template):
        raise PaperFailed(f"{template!r} is not the name of a paper: <room>/<name>")
    return _Press(template)


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 - as above

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
