"""Which characters reach a paper: what people typed, less what no file format can hold."""

import re

_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
#: Control characters, the byte order mark and what Unicode says is no character.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """Return a text that every file can hold: no control characters, one kind of line end, spaces for tabulators."""
    text = _UNWRITABLE.sub("", _LINE_END.sub("\n", text).replace("\t", " "))
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)
