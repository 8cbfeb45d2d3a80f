"""What the files of the demonstration say, before anything of it is loaded."""

import re
from collections.abc import Iterator
from typing import Any

from eventsapp.core import slugs, texts
from eventsapp.core.markdown import to_html
from eventsapp.demo import reading
from eventsapp.demo.values import OrderText

#: A space that would break before high punctuation, or a quotation mark without its own.
_LOOSE = re.compile(r"[ \n][;!?»]|[ ]:(?!:)|« |[^\s\u00a0]»|[A-Za-zéè][;!?](?=\s|$)")
_MARKUP_LINES = re.compile(r"^(:::.*|\| ?-.*)$", re.MULTILINE)


def test_every_text_is_typeset_as_french_is() -> None:
    loose = [text for text in _texts() if _LOOSE.search(_MARKUP_LINES.sub("", text))]

    assert loose == []


def test_no_text_has_typewriter_marks() -> None:
    assert [text for text in _texts() if re.search(r"['\"]|\.\.\.|--", _MARKUP_LINES.sub("", text))] == []


def test_who_and_what_a_day_names_is_written_somewhere() -> None:
    frame = reading.table("frame")
    speakers = {slugs.slugify(row["name"]) for row in reading.table("speakers")["speakers"]}
    venues = {row["key"] for row in reading.table("venues")["venues"]}
    towns = {slugs.slugify(row["name"]) for row in reading.table("places")["cities"]}
    series = {slugs.slugify(row["title"]) for row in frame["series"]} | {""}
    themes = {slugs.slugify(row["name"]) for row in frame["themes"]}
    days = reading.days()

    assert {voice.who for day in days for part in day.sessions for voice in part.voices} <= speakers
    assert {day.venue for day in days if day.venue} <= venues
    assert {day.city for day in days if not day.venue} <= towns
    assert {day.series for day in days} <= series
    assert {day.theme for day in days} <= themes
    assert {row["city"] for row in reading.table("venues")["venues"]} <= towns


def test_every_made_up_speaker_speaks() -> None:
    speakers = {slugs.slugify(row["name"]) for row in reading.table("speakers")["speakers"]}
    speaking = {voice.who for day in reading.days() for part in day.sessions for voice in part.voices}

    assert speaking == speakers


def test_an_article_comes_after_those_it_sends_its_readers_to() -> None:
    order = [article.slug for article in reading.articles()]

    for article in reading.articles():
        assert all(order.index(other) < order.index(article.slug) for other in article.related), article.slug


def test_the_report_of_angers_is_a_report_to_read() -> None:
    report = next(article for article in reading.articles() if article.day == reading.ANGERS)

    assert 500 <= len(report.body.split()) <= 800
    assert report.access == "public"
    assert {"<h2>", '<aside class="box">', '<figure class="pull-quote">', "<table>"} <= set(
        re.findall(r'<h2>|<aside class="box">|<figure class="pull-quote">|<table>', to_html(report.body))
    )
    assert report.body.count("::: quote") == 1
    assert "«" not in report.body, "nobody's words are quoted: none are known"


def test_the_report_of_angers_names_every_speaker_and_every_place() -> None:
    report = next(article for article in reading.articles() if article.day == reading.ANGERS)
    programme = reading.angers_facts()["study_day"]["programme"]
    speakers = [speaker["name"] for session in programme for speaker in session["speakers"]]

    assert len(speakers) == 7
    assert [name for name in speakers if name not in report.body] == []
    assert [place for place in ("Angers", "Mulhouse", "Amiens", "Blois", "Cholet") if place not in report.body] == []
    assert set(re.findall(r"\b\d{4}\b", report.body)) == {"2001", "2002", "2006"}


def test_nobody_of_the_demonstration_can_receive_mail() -> None:
    addresses = [*_addresses()]

    assert len(addresses) > 20
    assert [address for address in addresses if not address.endswith(".example")] == []
    assert [address for address in addresses if not texts.is_mail_address(address)] == []


def _addresses() -> Iterator[str]:
    yield from (row["email"] for row in reading.table("team")["people"])
    yield from (order.buyer["email"] for order in reading.orders() if order.buyer)
    yield from (comment.email for article in reading.articles() for comment in article.comments)
    yield from (gift["email"] for gift in reading.table("orders")["gifts"])
    yield from (day.contact for day in reading.days())


def _texts() -> Iterator[str]:
    """Go through every sentence that somebody may read."""
    for name in ("frame", "issues", "places", "plans", "speakers", "venues"):
        yield from _french(reading.table(name))
    yield from _french(reading.angers_words())
    for day in reading.days():
        yield from (day.title, day.lead, day.description, day.status_note, day.audience, day.objectives, day.included)
        for part in day.sessions:
            yield from (part.title, part.summary, part.room, *part.handout)
            yield from (f"{voice.role}, {voice.organisation}" for voice in part.voices)
    for article in reading.articles():
        yield from (article.title, article.lead, article.body, article.note)
        yield from (comment.body for comment in article.comments)
    for body in reading.bodies().values():
        yield from (body.name, body.address, *body.staff, *body.elected)
    for order in reading.orders():
        yield from _of_order(order)


def _of_order(order: OrderText) -> Iterator[str]:
    yield from (deed.reason for deed in order.then)
    yield from (guest.needs for guest in order.people)


def _french(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _french(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _french(item, key)
    elif isinstance(value, str) and not key.endswith("_en"):
        yield value


def test_plans_send_as_many_copies_as_they_promise() -> None:
    copies = {"deux exemplaires papier": 2, "cinq exemplaires papier": 5}
    promised = {
        row["name"]: number
        for row in reading.table("plans")["plans"]
        for words, number in copies.items()
        if words in row["summary"]
    }

    assert promised == {row["name"]: row["copies"] for row in reading.table("plans")["plans"] if "copies" in row}
    assert sorted(promised.values()) == [2, 5]
