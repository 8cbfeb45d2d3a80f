"""Searches among 10,000 days and 50,000 articles against the list without one, in one run, on both databases."""

import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from bench import rows
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.limits import limiter
from eventsapp.factory import create_app
from eventsapp.magazine.models import Article
from eventsapp.search import service as search
from eventsapp.study_days.models import StudyDay
from tests.support.database import ENVIRONMENT, create_postgresql_database
from tests.support.services import postgresql

DAYS, ARTICLES = int(os.environ.get("BENCH_DAYS", "10000")), int(os.environ.get("BENCH_ARTICLES", "50000"))
ROUNDS = 9
#: A search may take so many times as long as the list without one.
GOAL = 3.0
#: What is looked for, and why: the list that it is measured against comes first.
LISTS = {
    "/journees/": ("", "?q=mutualisation", "?q=mutualiser+services", "?q=DGS", "?q=ecole", "?q=zzz", "?ville=ville-3"),
    "/articles/flux.atom": ("",),
    "/recherche/": (
        "?q=mutualisation", "?q=services", "?q=DGS", "?q=école+élus", "?q=budget+2019", "?q=mutu", "?q=Exmple",
        "?q=introuvables", "?q=services&type=article&page=40",
    ),
}  # fmt: skip
#: Words of the field; those in front come up in most texts, those at the end in few.
_WORDS = """
services commune agglomération mutualisation élus agents budget projet direction territoire collectivité DGS
intercommunalité finances école transports logement énergie déchets numérique marchés urbanisme sport culture
santé vieillesse crèche cantine voirie eau assainissement personnel formation télétravail régie délégation
contentieux jurisprudence fiscalité dotation péréquation emprunt patrimoine archives bibliothèque conservatoire
""".split()  # noqa: SIM905 - a list of words is read more easily so


def main() -> None:
    """Measure on each database and print a table for each."""
    with tempfile.TemporaryDirectory(prefix="eventsapp-search-") as folder, postgresql() as server:
        measure("SQLite", f"sqlite:///{folder}/search.sqlite")
        measure("PostgreSQL", create_postgresql_database(server, "search"))


def measure(name: str, database_url: str) -> None:
    """Fill a database, make its index, and print how long each address takes."""
    app = create_app(ENVIRONMENT | {"DATABASE_URL": database_url}, keep_pages=False)
    with app.app_context():
        upgrade()
        rows.fill()
        _fill_up()
        with unit_of_work.transaction():
            entries = search.rebuild()
        if database_url.startswith("postgresql"):
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("VACUUM ANALYZE"))
        db.session.remove()
    client = app.test_client(use_cookies=False)
    base = 0.0
    print(f"\n{name}, {entries} entries: ms, median of {ROUNDS}; ratio to the list of days; at most {GOAL}")
    for path, queries in LISTS.items():
        for query in queries:
            took = statistics.median(_time(client, path + query) for _ in range(ROUNDS + 1))
            base = base or took
            mark = "" if took <= base * GOAL else "  above"
            print(f"  {path + query:44}{took:8.1f}{took / base:8.2f}{mark}")


def _time(client: Any, address: str) -> float:
    limiter.reset()
    start = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status}")
    return (time.perf_counter() - start) * 1000


def _fill_up() -> None:
    """Add days and articles of words drawn by their place, the same each time."""
    draw = random.Random(2009)  # noqa: S311 - nothing secret
    with unit_of_work.transaction():
        first_day = db.session.scalars(sa.select(StudyDay).order_by(StudyDay.id)).first()
        first_article = db.session.scalars(sa.select(Article).order_by(Article.id)).first()
        assert first_day is not None  # noqa: S101 - for the type checker: the rows are ours
        assert first_article is not None  # noqa: S101
        cities = db.session.scalars(sa.select(StudyDay.city_id).distinct()).all()
        now = clock.now()
        _insert(
            StudyDay.__table__,
            first_day,
            (
                {
                    "slug": f"autre-journee-{number}",
                    "title": _text(draw, 6).capitalize(),
                    "lead": _text(draw, 20),
                    "description": _text(draw, 60),
                    "city_id": cities[number % len(cities)],
                    "starts_at": now + timedelta(days=number % 700 - 350),
                    "ends_at": now + timedelta(days=number % 700 - 350, hours=8),
                    "held_on": (now + timedelta(days=number % 700 - 350)).date(),
                    "held_until": (now + timedelta(days=number % 700 - 350)).date(),
                }
                for number in range(rows.DAYS, DAYS)
            ),
        )
        _insert(
            Article.__table__,
            first_article,
            (
                {
                    "slug": f"autre-article-{number}",
                    "title": _text(draw, 7).capitalize(),
                    "lead": _text(draw, 25),
                    "body": _text(draw, 120) + f" {2000 + number % 26}",
                    "published_at": now - timedelta(hours=number),
                }
                for number in range(rows.ARTICLES, ARTICLES)
            ),
        )


def _insert(table: Any, like: Any, changes: Iterator[dict[str, Any]]) -> None:
    """Add rows like that one, each with its changes."""
    common = {column.name: getattr(like, column.key) for column in table.columns if column.name != "id"}
    while some := list(itertools.islice(changes, 1000)):
        db.session.execute(sa.insert(table), [common | each for each in some])


def _text(draw: random.Random, length: int) -> str:
    return " ".join(_WORDS[min(int(draw.expovariate(0.12)), len(_WORDS) - 1)] for _ in range(length))


if __name__ == "__main__":
    main()
