"""What an upload is, by its content, whatever its name says; and what it may be called."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.files.errors import FileRefused

#: The largest document and picture taken, in bytes.
MOST_BYTES = 20 * 1024 * 1024
#: What the packed parts of a document may weigh unpacked, and how many there may be.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 4000
#: A part packed tighter than this is made to burst.
MOST_PACKED = 200
NAME_LENGTH = 120
#: What is put aside until its form is valid: its key in the storage, and its name.
_ASIDE = re.compile(r"([A-Za-z0-9_-]{32})/([^/\x00-\x1f]{1,120})\Z")

_PDF_END = re.compile(rb"%%EOF\s*\Z")
#: Names that make a PDF act by itself, or keep its content shut.
_PDF_ACTIONS = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/Encrypt")
#: Where the last table of a PDF begins, and where the one before another does.
_PDF_START, _PDF_BEFORE = re.compile(rb"startxref\s+(\d{1,10})\s"), re.compile(rb"/Prev\s+(\d{1,10})\b")
#: Tables that a PDF may have, one for each time that it was changed, and bytes of one that are looked at.
_PDF_MOST_TABLES, _PDF_TABLE = 500, 2 * 1024 * 1024
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OFFICE_PARTS = {
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/presentation.xml": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
_ODF_TYPES = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_IMAGE_STARTS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"RIFF", "webp"))
_TAKEN = _l("Formats acceptés : PDF, images PNG, JPEG et WebP, documents Word, Excel, PowerPoint et OpenDocument.")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Content:
    """What an upload turned out to be: its ending and its content type."""

    ending: str
    content_type: str


def content_of(data: bytes) -> Content:
    """Return what ``data`` is. Pictures are only told by their first bytes: they are drawn anew before they are kept.

    Raises ``FileRefused``.
    """
    if not data:
        raise FileRefused("Ce fichier est vide.")
    if len(data) > MOST_BYTES:
        raise FileRefused(_("Ce fichier dépasse %(most)s Mo.", most=MOST_BYTES // 1024 // 1024))
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    for start, ending in _IMAGE_STARTS:
        if data.startswith(start) and (ending != "webp" or data[8:12] == b"WEBP"):
            return Content(ending, f"image/{'jpeg' if ending == 'jpg' else ending}")
    raise FileRefused(str(_TAKEN))


def parted(aside: str) -> tuple[str, str]:
    """Return the key and the name of what was put aside. Raises ``ValueError`` when it is nothing of the kind."""
    found = _ASIDE.match(aside)
    if found is None:
        raise ValueError(aside[:40])
    return found[1], found[2]


def safe_name(name: str, *, ending: str) -> str:
    """Return what a file is called when it is offered: no folder, nothing invisible, the ending that it has."""
    shown = "".join(mark for mark in name if unicodedata.category(mark)[0] != "C")
    shown = " ".join(_UNSAFE.sub(" ", shown.replace("\\", "/").rpartition("/")[2]).split())
    stem = shown.rpartition(".")[0] or shown
    stem = stem.strip(". ")[: NAME_LENGTH - len(ending) - 1].strip(". ")
    return f"{stem or 'fichier'}.{ending}"


def _pdf(data: bytes) -> Content:
    if not _PDF_END.search(data[-1024:]):
        raise FileRefused("Ce PDF est incomplet : il manque sa fin.")
    plain = _PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data)
    for action in _PDF_ACTIONS:
        if re.search(re.escape(action) + rb"(?![A-Za-z0-9])", plain):
            raise FileRefused("Ce PDF est protégé, ou contient des actions automatiques ; imprimez-le en PDF simple.")
    if _is_circular(data):
        raise FileRefused("Ce PDF est abîmé : ses tables renvoient l’une à l’autre ; imprimez-le en PDF simple.")
    return Content("pdf", "application/pdf")


def _is_circular(data: bytes) -> bool:
    """Return whether a reader that follows the tables of a PDF from the last to the first would go on for ever."""
    seen: set[int] = set()
    found = next(reversed(_PDF_START.findall(data[-1024:])), None)
    while found is not None and int(found) < len(data):
        begin = int(found)
        if begin in seen or len(seen) == _PDF_MOST_TABLES:
            return True
        seen.add(begin)
        # A table ends where it says where it began, or with the stream that it is.
        ends = [data.find(word, begin, begin + _PDF_TABLE) for word in (b"startxref", b"stream")]
        end = min((each for each in ends if each >= 0), default=begin + _PDF_TABLE)
        before = _PDF_BEFORE.search(data, begin, end)
        found = before[1] if before else None
    return False


def _packed(data: bytes) -> Content:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _require_harmless(parts)
            names = {part.filename for part in parts}
            if parts[0].filename == "mimetype":
                kind = package.read(parts[0])[:100].decode("ascii", "replace").strip()
                if kind in _ODF_TYPES and "content.xml" in names:
                    return Content(_ODF_TYPES[kind], kind)
            for part, (ending, content_type) in _OFFICE_PARTS.items():
                if part in names and "[Content_Types].xml" in names:
                    return Content(ending, content_type)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, IndexError) as error:
        raise FileRefused("Ce document est abîmé et ne s’ouvre pas.") from error
    raise FileRefused(str(_TAKEN))


def _require_harmless(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefused("Ce document est trop volumineux une fois ouvert.")
    for part in parts:
        if part.flag_bits & 0x1:
            raise FileRefused("Ce document est protégé par un mot de passe.")
        if part.file_size > 1_000_000 and part.file_size > MOST_PACKED * max(part.compress_size, 1):
            raise FileRefused("Ce document est trop volumineux une fois ouvert.")
        if part.filename.startswith("/") or ".." in part.filename.replace("\\", "/").split("/"):
            raise FileRefused("Ce document est abîmé et ne s’ouvre pas.")
        if part.filename.lower().endswith("vbaproject.bin") or part.filename.startswith(("Basic/", "Scripts/")):
            raise FileRefused("Ce document contient des macros ; enregistrez-le sans elles.")
