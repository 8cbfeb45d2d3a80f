"""The English catalogue is whole: everything collected, translated, compiled, with its blanks and tags in place."""

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from scripts import translations

PO = translations.CATALOGUE / "en" / "LC_MESSAGES" / "messages.po"
#: What a translation keeps as it is: ``%(name)s``, ``%%``, ``{name}`` and tags.
_KEPT = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?[a-z][^>]*>")
#: Spaces before signs and quotation marks that only French has.
_FRENCH_TYPOGRAPHY = re.compile(r"[«»\u202f]|[ \u00a0][:;?!]")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return the singular and the plural, or the only form there is."""
    return [text or ""] if isinstance(text, str | None) else list(text)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_everything_is_translated(catalogue: Catalog) -> None:
    assert [message.id for message in messages(catalogue) if not all(forms(message.string))] == []


def test_nothing_is_guessed_or_left_over(catalogue: Catalog) -> None:
    assert [message.id for message in messages(catalogue) if message.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_blanks_and_tags_are_those_of_the_french_text(catalogue: Catalog) -> None:
    different = [
        (french, english)
        for message in messages(catalogue)
        for french, english in zip(forms(message.id), forms(message.string), strict=True)
        if Counter(_KEPT.findall(french)) != Counter(_KEPT.findall(english))
    ]

    assert different == []


def test_spaces_at_the_ends_are_those_of_the_french_text(catalogue: Catalog) -> None:
    assert [
        message.id
        for message in messages(catalogue)
        for french, english in zip(forms(message.id), forms(message.string), strict=True)
        if [end.isspace() for end in (french[:1], french[-1:])]
        != [end.isspace() for end in (english[:1], english[-1:])]
    ] == []


def test_english_is_set_as_english(catalogue: Catalog) -> None:
    assert [
        english
        for message in messages(catalogue)
        for english in forms(message.string)
        if _FRENCH_TYPOGRAPHY.search(english)
    ] == []


def test_what_the_application_reads_is_the_catalogue_compiled(catalogue: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)

    assert PO.with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_the_catalogue_has_every_text_of_the_code_and_no_other(catalogue: Catalog, tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"

    translations.collect(template)

    with template.open("rb") as file:
        collected = {(message.context, message.id) for message in messages(read_po(file))}
    assert {(message.context, message.id) for message in messages(catalogue)} == collected


def test_no_word_was_cut_into_letters(catalogue: Catalog) -> None:
    """A plural given as one string would be read letter by letter."""
    short = [
        (french, english)
        for message in messages(catalogue)
        for french, english in zip(forms(message.id), forms(message.string), strict=False)
        if len(english) < 2 < len(french)
    ]

    assert short == []
