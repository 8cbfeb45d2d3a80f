"""What a second program says of our PDF: page-validation reads it as an archive and as a screen reader would."""

import io
import re

import page
import pikepdf
import pypdf

#: Said by mistake of a stream whose own last byte is a carriage return, as one in 256 has by chance: the checker takes
#: that byte for a part of the line end that follows. The lengths are checked here instead.
STREAM_LENGTH = "STREAM-LENGTH"
#: The font that draws a box for what no other one has.
LAST_RESORT = "PapersLastResort"
_STREAM = re.compile(rb"/Length (\d+)[^>]*>>\s*stream\r?\n")


def faults(pdf: bytes) -> list[str]:
    """Return what is wrong with the file as PDF/A-3a and as PDF/UA-1; nothing is the right answer."""
    return [
        f"{failure.rule_id}: {failure.message}"
        for profile in ("3a", "ua1")
        for failure in page.validate_pdf_bytes(pdf, profile=profile).failures
        if STREAM_LENGTH not in failure.rule_id or not lengths_are_true(pdf)
    ]


def lengths_are_true(pdf: bytes) -> bool:
    ends = [pdf[start.end() + int(start[1]) :][:12].lstrip(b"\r\n") for start in _STREAM.finditer(pdf)]
    return bool(ends) and all(end.startswith(b"endstream") for end in ends)


def text(pdf: bytes) -> str:
    """Return the text of all pages, as copied out of the file."""
    return "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def words(pdf: bytes) -> str:
    """Return the text without the line ends of the layout."""
    return " ".join(text(pdf).split())


def fonts_of(pdf: bytes) -> set[str]:
    """Return the fonts that letters of the file are drawn with: ``PapersSerif-Regular``, or ``LAST_RESORT``."""
    with pikepdf.open(io.BytesIO(pdf)) as read:
        names = {
            str(each.BaseFont) for each in read.objects if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        }
    plain = {name.lstrip("/").partition("+")[2] for name in names}
    return {LAST_RESORT if name.startswith(LAST_RESORT) else name for name in plain}
