"""What no browser sends: bodies, queries and addresses made of bytes, signs, numbers and dates that nobody means."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

#: Names and values of a form, in the order of its page.
Fields = Sequence[tuple[str, str]]
#: In the place of one value: how it is called → as it is written in a body or a query.
VALUES = {
    "surrogate": "a%ED%A0%80b",
    "no UTF-8": "%FF%FEcaf%E9",
    "NUL": "a%00b",
    "control characters": "a%01%0D%0A%1B%7F%E2%80%AE%EF%BF%BEb",
    "full-width digits": "%EF%BC%91%EF%BC%92",
    "superscript": "%C2%B2",
    "first day": "0001-01-01",
    "first moment": "0001-01-01T00%3A00",
    "last day": "9999-12-31",
    "last moment": "9999-12-31T23%3A59",
    "no day": "2026-02-30",
    "first hour": "24%3A60",
    "10^30": "1" + "0" * 30,
    "beyond 32 bits": "2147483648",
    "beyond 64 bits": "9223372036854775808",
    "negative": "-1",
    "no number": "NaN",
    "infinity": "1e999",
    "digits without end": "9" * 5000,
    "nothing": "",
}
_FORM = "application/x-www-form-urlencoded"
_BIG, _MANY = 1_000_000, 5000


@dataclass(frozen=True, slots=True)
class Sent:
    """A body and its type, and what is wrong with it."""

    wrong: str
    body: bytes
    content_type: str = _FORM


def bodies(fields: Fields) -> Iterator[Sent]:
    """Yield bodies that are wrong as a whole, the quick ones first."""
    names = [name for name, _value in fields] or ["x"]
    for wrong, value in VALUES.items():
        yield Sent(f"{wrong} everywhere", _joined((name, value) for name in names))
    yield Sent("each field three times", _joined(_escaped([*fields, *((name, "0") for name in names), *fields])))
    yield Sent("a field of 1 MB", _joined([*_escaped(fields), (names[-1], "a+" * (_BIG // 2))]))
    yield Sent("a line of 1 MB", _joined((name, "9" * (_BIG // len(names))) for name in names))
    yield Sent("5,000 fields", _joined([*_escaped(fields), *((f"x{number}", "1") for number in range(_MANY))]))
    yield Sent("5,000 of one field", _joined((names[0], str(number)) for number in range(_MANY)))
    yield Sent("plain text", b"\x00\xff\xfe", "text/plain")
    yield Sent("parts without a border", _joined(_escaped(fields)), "multipart/form-data")
    yield Sent("parts that do not end", _parts(names)[:-9], "multipart/form-data; boundary=b")
    yield Sent("files in the place of texts", _parts(names), "multipart/form-data; boundary=b")
    yield Sent("a charset that is none", _joined(_escaped(fields)), f"{_FORM}; charset=klingon")
    for wrong, written in _programs(names):
        yield Sent(wrong, written, "application/json")


def single(fields: Fields) -> Iterator[Sent]:
    """Yield the form with one field that is wrong, in every way."""
    for place, (name, _value) in enumerate(fields):
        for wrong, value in VALUES.items():
            values = list(_escaped(fields))
            values[place] = (name, value)
            yield Sent(f"{wrong} in {name}", _joined(values))


def queries(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield queries, each with what is wrong about it."""
    for wrong, value in VALUES.items():
        yield f"{wrong} in the query", "&".join(f"{quote(name)}={value}" for name in names)
    yield "each name many times", "&".join(f"{quote(name)}={number}" for name in names for number in range(50))
    yield "5,000 names", "&".join(f"x{number}=1" for number in range(_MANY))
    yield "raw bytes", "&".join(f"{quote(name)}=\xff\xfe" for name in names)


def paths(path: str, given: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield addresses like ``path`` with something else in the place of each of the values ``given``."""
    for value in given:
        written = f"/{quote(value)}"
        before, found, after = path.rpartition(written)
        if found:
            for wrong, other in VALUES.items():
                if other and not (value.isdecimal() and not other.isdecimal()):
                    yield f"{wrong} for {value}", f"{before}/{other}{after}"


def _escaped(fields: Fields) -> Iterator[tuple[str, str]]:
    return ((name, quote(value)) for name, value in fields)


def _joined(fields: Iterator[tuple[str, str]] | Fields) -> bytes:
    return "&".join(f"{quote(name)}={value}" for name, value in fields).encode()


def _parts(names: Sequence[str]) -> bytes:
    part = '--b\r\nContent-Disposition: form-data; name="{}"; filename="\x00../{}"\r\n\r\n%PDF\x00\r\n'
    return "".join([*(part.format(name, name) for name in names), "--b--\r\n"]).encode()


def _programs(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    yield "nothing as JSON", b"null"
    yield "JSON that ends too early", b'{"a": '
    yield "JSON in another encoding", '{"é": "\u20ac"}'.encode("utf-16")
    yield "JSON without an end in depth", b"[" * 100_000
    for wrong, value in {
        "a surrogate": "\ud800",
        "10^30": 10**30,
        "a list": [[]],
        "an object": {},
        "a float": 1e308,
    }.items():
        yield f"{wrong} in JSON", json.dumps(dict.fromkeys(names, value)).encode()
        yield f"{wrong} in a list of JSON", json.dumps([dict.fromkeys(names, value), value]).encode()
