"""Reading the files of ``content/``: texts come out with the spaces that French typography asks for."""

import json
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from eventsapp.core import french
from eventsapp.demo.values import (
    ArticleText,
    AskedText,
    Body,
    CommentText,
    DayText,
    Deed,
    EarlyBird,
    Guest,
    OrderText,
    Part,
    QuoteText,
    Visit,
    Voice,
)

CONTENT = Path(__file__).with_name("content")
#: The day and the magazine of which the facts are known.
ANGERS = "angers-2009"
#: Stands before and after the head of an article.
_FENCE = "+++\n"


def table(name: str) -> dict[str, Any]:
    """Return the file ``name``.toml, to be taken apart as one likes."""
    return deepcopy(_read(CONTENT / f"{name}.toml"))


@cache
def angers_facts() -> Mapping[str, Any]:
    """Return what is known of the day at Angers."""
    facts: Mapping[str, Any] = _typeset(json.loads((CONTENT / f"{ANGERS}.json").read_text(encoding="utf-8")))
    return facts


def angers_words() -> dict[str, Any]:
    """Return how the site puts the day at Angers."""
    return deepcopy(_read(CONTENT / "days" / f"{ANGERS}.toml"))


def days() -> list[DayText]:
    """Return the made-up days, by slug; what they do not say themselves is the usual."""
    usual = table("frame")["usual"]
    paths = sorted(path for path in (CONTENT / "days").glob("*.toml") if path.stem != ANGERS)
    return [_day(path.stem, deepcopy(usual | _read(path))) for path in paths]


def articles() -> list[ArticleText]:
    """Return the articles, each after those that it sends its readers to."""
    known = {path.stem: _article(path) for path in sorted((CONTENT / "articles").glob("*.md"))}
    ordered: dict[str, ArticleText] = {}

    def add(slug: str) -> None:
        for other in known[slug].related:
            add(other)
        ordered.setdefault(slug, known[slug])

    for slug in known:
        add(slug)
    return list(ordered.values())


@cache
def bodies() -> Mapping[str, Body]:
    """Return the public bodies by slug."""
    return {row["slug"]: Body(**row) for row in table("bodies")["bodies"]}


def orders() -> list[OrderText]:
    """Return the orders that each show one state, in the order in which they are placed."""
    return [_order(row) for row in table("orders")["orders"]]


def quotes() -> list[QuoteText]:
    """Return the quotes, the oldest first."""
    return [
        QuoteText(ordered_days_ago=row.pop("ordered_days_ago", None), order=_order(row))
        for row in table("orders")["quotes"]
    ]


def promo_codes() -> list[Mapping[str, Any]]:
    """Return the promotional codes: what it is called, its percentage or sum, how often it may be used."""
    codes: list[Mapping[str, Any]] = table("orders")["promo_codes"]
    return codes


def _day(slug: str, row: dict[str, Any]) -> DayText:
    parts = [
        Part(**part | {"voices": [Voice(**voice) for voice in part.get("voices", ())]})
        for part in row.pop("sessions", ())
    ]
    early_bird = row.pop("early_bird", None)
    asked = [AskedText(**question) for question in row.pop("questions", ())]
    return DayText(
        slug=slug, sessions=parts, questions=asked, early_bird=EarlyBird(**early_bird) if early_bird else None, **row
    )


def _article(path: Path) -> ArticleText:
    _, head, body = path.read_text(encoding="utf-8").split(_FENCE, 2)
    row = _typeset(tomllib.loads(head))
    comments = [CommentText(**comment) for comment in row.pop("comments", ())]
    return ArticleText(slug=path.stem, body=str(_typeset(body)).strip(), comments=comments, **row)


def _order(row: dict[str, Any]) -> OrderText:
    people = [Guest(**guest) for guest in row.pop("people", ())]
    also = row.pop("also", None)
    then = [Deed(**deed) for deed in row.pop("then", ())]
    visit = Visit(day=also["day"], people=[Guest(**guest) for guest in also["people"]]) if also else None
    return OrderText(people=people, also=visit, then=then, **row)


@cache
def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        content: dict[str, Any] = _typeset(tomllib.load(file))
    return content


def _typeset(value: Any) -> Any:
    """Return ``value`` with every text in it typeset, all the way down."""
    if isinstance(value, str):
        return french.typeset(value.replace("'", "’")).strip()
    if isinstance(value, list):
        return [_typeset(item) for item in value]
    return {key: _typeset(item) for key, item in value.items()} if isinstance(value, dict) else value
