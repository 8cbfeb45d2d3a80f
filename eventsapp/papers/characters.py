"""Which characters reach a paper: what people typed, less what no file format can hold."""

import re
import unicodedata

_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
#: Control characters, the byte order mark and what Unicode says is no character.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef\ufffe\uffff]")
#: Pictures among letters, and what joins and colours them: no font of ours has them, and nothing is lost without.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u200d\u20e3\ufe0e\ufe0f\U000e0020-\U000e007f]")
#: The scripts that our fonts have letters of, as Unicode names begin.
_SCRIPTS = ("LATIN ", "GREEK ", "CYRILLIC ", "COMBINING ", "MODIFIER LETTER ", "FEMININE ", "MASCULINE ", "MICRO ")
_HALF = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """Return a text that every file can hold: no control characters, one kind of line end, spaces for tabulators."""
    text = _UNWRITABLE.sub("", _LINE_END.sub("\n", text).replace("\t", " "))
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def without_emoji(text: str) -> str:
    """Return a text as it is printed: the words alone."""
    return " ".join(_EMOJI.sub(" ", text).split()) if _EMOJI.search(text) else text


def unprintable(text: str) -> str:
    """Return the letters of ``text`` that no font of ours has, each once, in the order in which they come."""
    letters = (letter for letter in text if unicodedata.category(letter)[0] in "LM")
    return "".join(dict.fromkeys(each for each in letters if not unicodedata.name(each, "").startswith(_SCRIPTS)))
