"""What an upload is, whatever its name says; the hostile corpus."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

import pytest

from eventsapp.files import rules
from eventsapp.files.errors import FileRefused


def with_tables(*before: int | None) -> bytes:
    """Return a PDF with as many tables, each of which says which one is before it; the first is the last written."""
    return _with([b"xref\n0 0\ntrailer\n<< %s >>\n"] * len(before), before)


def with_streams(*before: int | None) -> bytes:
    """Return the same with tables that are streams."""
    return _with([b"9 0 obj\n<< /Type /XRef %s >>\nstream\n\nendstream\nendobj\n"] * len(before), before)


def _with(tables: Sequence[bytes], before: Sequence[int | None]) -> bytes:
    length = len(tables[0]) + len(b"/Prev 0000000000") - len(b"%s") + len(b"startxref\n0\n")
    begins = [len(PDF) + place * length for place in range(len(tables))]
    said = [b"/Prev %010d" % begins[place] if place is not None else b" " * 16 for place in before]
    written = b"".join(table % prev + b"startxref\n0\n" for table, prev in zip(tables, said, strict=True))
    return PDF + written + b"startxref\n%d\n%%%%EOF\n" % begins[0]


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
_TYPES = "[Content_Types].xml"


def _packed(parts: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return file.getvalue()


def _odf(kind: str) -> bytes:
    return _packed({"mimetype": kind.encode(), "content.xml": b"<x/>"}, compression=zipfile.ZIP_STORED)


TAKEN = {
    "pdf": PDF,
    "pdf with lines after its end": PDF + b"\r\n\r\n",
    "pdf that was changed twice": with_tables(1, 2, None),
    "pdf that was changed twice, with streams": with_streams(2, None, 1),
    "pdf with a table elsewhere": PDF.replace(b"%%EOF", b"startxref\n9999999\n%%EOF"),
    "docx": _packed({_TYPES: b"<x/>", "word/document.xml": b"<x/>"}),
    "xlsx": _packed({_TYPES: b"<x/>", "xl/workbook.xml": b"<x/>"}),
    "pptx": _packed({_TYPES: b"<x/>", "ppt/presentation.xml": b"<x/>"}),
    "odt": _odf("application/vnd.oasis.opendocument.text"),
    "odp": _odf("application/vnd.oasis.opendocument.presentation"),
    "png": b"\x89PNG\r\n\x1a\n" + b"rest",
    "jpg": b"\xff\xd8\xff\xe0" + b"rest",
    "webp": b"RIFF\x00\x00\x00\x00WEBPrest",
}


# By name: the bytes of a package tell the second it was made at, and two workers would name two tests.
@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_told_by_its_content(name: str) -> None:
    assert rules.content_of(TAKEN[name]).ending == name.split(maxsplit=1)[0]


HOSTILE = {
    "empty": b"",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "gif with a script": b"GIF89a/*" + b"*/=1;alert(1)",
    "html before a pdf": b"<html>" + PDF,
    "pdf without its end": PDF[:-8],
    "pdf whose table is before itself": with_tables(0),
    "pdf whose tables are each before the other": with_tables(1, 0),
    "pdf with a stream that is before itself": with_streams(0),
    "pdf with thousands of tables": with_tables(*range(1, 5000), None),
    "pdf that runs a script": PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "pdf that hides the word": PDF.replace(b"/Catalog", b"/Catalog /AA << /S /J#61vaScript >>"),
    "pdf that starts a program": PDF.replace(b"/Catalog", b"/Catalog /A << /S /Launch /F (calc.exe) >>"),
    "pdf with a file inside": PDF.replace(b"/Catalog", b"/Catalog /EF << /F 5 0 R >> /Type /EmbeddedFile"),
    "encrypted pdf": PDF.replace(b"trailer\n<<", b"trailer\n<< /Encrypt 5 0 R"),
    "zip that is no document": _packed({"readme.txt": b"bonjour"}),
    "document with macros": _packed({_TYPES: b"<x/>", "word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"}),
    "odf with macros": _packed(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>", "Basic/script.xml": b"x"},
        compression=zipfile.ZIP_STORED,
    ),
    "document that climbs": _packed({_TYPES: b"<x/>", "word/document.xml": b"<x/>", "../../etc/passwd": b"x"}),
    "document that bursts": _packed({_TYPES: b"<x/>", "word/document.xml": b"\x00" * 60_000_000}),
    "document of many parts": _packed(
        {_TYPES: b"<x/>", "word/document.xml": b"<x/>"} | {f"p{n}": b"" for n in range(5000)}
    ),
    "cut document": _packed({_TYPES: b"<x/>", "word/document.xml": b"<x/>" * 1000})[:-30],
    "windows program": b"MZ" + b"\x00" * 100,
    "office of the old kind": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100,
    "riff that is no picture": b"RIFF\x00\x00\x00\x00WAVEfmt ",
    "too much": b"%PDF-" + b"0" * rules.MOST_BYTES,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_hostile_corpus_is_refused(name: str) -> None:
    with pytest.raises(FileRefused):
        rules.content_of(HOSTILE[name])


def test_a_password_protected_document_is_refused() -> None:
    data = bytearray(_packed({_TYPES: b"<x/>", "word/document.xml": b"<x/>"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        flags = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        data[flags : flags + 2] = struct.pack("<H", 1)

    with pytest.raises(FileRefused):
        rules.content_of(bytes(data))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Présentation finale.PDF", "Présentation finale.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\plan.pdf", "plan.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("facture\u202efdp.exe", "facturefdp.pdf"),
        ("nul\x00.pdf", "nul.pdf"),
        ('guillemets".pdf', "guillemets.pdf"),
        ("...", "fichier.pdf"),
        ("", "fichier.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        (".htaccess", "htaccess.pdf"),
    ],
)
def test_a_name_loses_what_could_do_harm(name: str, shown: str) -> None:
    assert rules.safe_name(name, ending="pdf") == shown
    assert len(rules.safe_name(name, ending="pdf")) <= rules.NAME_LENGTH


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    header = zlib.compress(b"\x00" * 50_000_000, 9)
    assert len(header) < 100_000
    data = _packed({_TYPES: b"<x/>", "word/document.xml": b"\x00" * 50_000_000})

    with pytest.raises(FileRefused, match="volumineux"):
        rules.content_of(data)
