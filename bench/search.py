"""Searches among 10,000 days and 50,000 articles: how long, against the list without one, and whether what is meant
comes first. In one run, on both databases; ends with an error where one of the cases does not.
"""

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
from eventsapp.search import queries
from eventsapp.search import service as search
from eventsapp.search.values import Kind
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession
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
#: Names as they are in France: with accents, double, some of them words of the field too.
_FIRST = """
Anne-Sophie Bérengère Chloé Dominique Élodie François Gaël Hélène Inès Jean-Noël Karim Loïc Mélanie Noémie Océane
Pierre Rémi Sébastien Thaïs Zoé
""".split()  # noqa: SIM905
_LAST = """
Lefèvre Müller Boulanger Charpentier Prévost Garçon Château Nuñez Le-Goff Dubois Maire Forêt Bûcheron Guérin Noël
Français Poirier Rivière Benoît Étienne
""".split()  # noqa: SIM905
#: What is planted among the rest: the title that must come first, of which kind, and the searches that must find it so.
CASES: tuple[tuple[Kind, str, tuple[str, ...]], ...] = (
    (Kind.SPEAKER, "Bérénice Kermarrec-Lhuître", (
        "Bérénice Kermarrec-Lhuître", "berenice kermarrec lhuitre", "KERMARREC", "lhuître", "Kermarec Berenice",
    )),
    (Kind.SPEAKER, "Ghislain d’Œuvrecourt", ("Ghislain d'Oeuvrecourt", "œuvrecourt", "oeuvrecourt ghislain")),
    (Kind.SPEAKER, "Élie Maire", ("Élie Maire", "elie maire")),
    (Kind.DAY, "Le DGS et la sobriété foncière", (
        "DGS sobriété", "dgs sobriete fonciere", "DGS sobriétés foncières", "le dgs et la sobriété foncière",
    )),
    (Kind.DAY, "Les cimetières paysagers", ("cimetière paysager", "CIMETIERES PAYSAGERS", "cimetières")),
    (Kind.ARTICLE, "Réussir la passation entre deux DGS", ("passation DGS", "passations dgs", "D.G.S. passation")),
    (Kind.ARTICLE, "Chevaux de halage : le retour des canaux", ("canal cheval halage", "chevaux canaux", "halages")),
    (Kind.ARTICLE, "L’école rurale à l’épreuve du ZAN", (
        "ZAN école rurale", "zan ecoles rurales", "écoles rurales ZAN",
    )),
)  # fmt: skip
#: Words of the field; those in front come up in most texts, those at the end in few.
_WORDS = """
services commune agglomération mutualisation élus agents budget projet direction territoire collectivité DGS
intercommunalité finances école transports logement énergie déchets numérique marchés urbanisme sport culture
santé vieillesse crèche cantine voirie eau assainissement personnel formation télétravail régie délégation
contentieux jurisprudence fiscalité dotation péréquation emprunt patrimoine archives bibliothèque conservatoire
""".split()  # noqa: SIM905 - a list of words is read more easily so


def main() -> None:
    """Print a table for each database; end with an error where what is meant does not come first."""
    with tempfile.TemporaryDirectory(prefix="eventsapp-search-") as folder, postgresql() as server:
        wrong = measure("SQLite", f"sqlite:///{folder}/search.sqlite")
        wrong += measure("PostgreSQL", create_postgresql_database(server, "search"))
    if wrong:
        raise SystemExit("\n".join(["Not the first found:", *wrong]))


def measure(name: str, database_url: str) -> list[str]:
    """Fill a database, make its index, print how long each address takes; return the cases that are found wrong."""
    app = create_app(ENVIRONMENT | {"DATABASE_URL": database_url}, keep_pages=False)
    with app.app_context():
        upgrade()
        rows.fill()
        _fill_up()
        _plant()
        with unit_of_work.transaction():
            entries = search.rebuild()
        if database_url.startswith("postgresql"):
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("VACUUM ANALYZE"))
        wrong = [f"{name}: {fault}" for fault in misplaced()]
        db.session.remove()
    print(f"\n{name}: {len(wrong)} of {sum(len(searches) for _kind, _title, searches in CASES)} cases wrong")
    client = app.test_client(use_cookies=False)
    base = 0.0
    print(f"\n{name}, {entries} entries: ms, median of {ROUNDS}; ratio to the list of days; at most {GOAL}")
    for path, asked in LISTS.items():
        for query in asked:
            took = statistics.median(_time(client, path + query) for _ in range(ROUNDS + 1))
            base = base or took
            mark = "" if took <= base * GOAL else "  above"
            print(f"  {path + query:44}{took:8.1f}{took / base:8.2f}{mark}")
    return wrong


def misplaced() -> list[str]:
    """Return the searches whose first result, among all kinds and among its own, is not the one that is meant."""
    wrong = []
    for kind, title, searches in CASES:
        for searched in searches:
            for only in (None, kind):
                hits = queries.find(searched, kind=only, size=3).page.items
                found = ["".join(piece for piece, _ in hit.title).replace("\u00a0", " ") for hit in hits]
                if not hits or (hits[0].kind, found[0]) != (kind, title):
                    wrong.append(f"« {searched} », {only or 'of all kinds'}: {found}, not « {title} »")
    return wrong


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


def _plant() -> None:
    """Put what the cases look for somewhere in the middle: neither the newest nor the first written."""
    draw = random.Random(1876)  # noqa: S311 - nothing secret
    with unit_of_work.transaction():
        days = db.session.scalars(sa.select(StudyDay).order_by(StudyDay.id).offset(DAYS // 2).limit(100)).all()
        articles = db.session.scalars(sa.select(Article).order_by(Article.id).offset(ARTICLES // 2).limit(100)).all()
        for number, (kind, title, _searches) in enumerate(CASES):
            if kind is Kind.DAY:
                days[number].title = title
            elif kind is Kind.ARTICLE:
                articles[number].title = title
            else:
                first, _blank, last = title.partition(" ")
                db.session.add(_speaker(days[number], number, first, last))
                # Also named in passing by texts that are not about the person.
                for article in articles[50 + number :: len(CASES)]:
                    article.body = f"{_text(draw, 20)} {title} {_text(draw, 20)}"


def _speaker(day: StudyDay, number: int, first: str, last: str) -> Speaker:
    """Make somebody who spoke at that day, at a session of theirs."""
    speaker = Speaker(slug=f"plante-{number}", first_name=first, last_name=last)
    session = StudySession(study_day_id=day.id, position=90 + number, title="Table ronde", summary="")
    session.interventions = [Intervention(speaker=speaker, position=1, role="DGS")]
    db.session.add(session)
    return speaker


def _insert(table: Any, like: Any, changes: Iterator[dict[str, Any]]) -> None:
    """Add rows like that one, each with its changes."""
    common = {column.name: getattr(like, column.key) for column in table.columns if column.name != "id"}
    while some := list(itertools.islice(changes, 1000)):
        db.session.execute(sa.insert(table), [common | each for each in some])


def _text(draw: random.Random, length: int) -> str:
    """Return words of the field; among any ten of them stands somebody’s name."""
    words = [_WORDS[min(int(draw.expovariate(0.12)), len(_WORDS) - 1)] for _ in range(length)]
    for place in range(9, length, 10):
        words[place] = f"{draw.choice(_FIRST)} {draw.choice(_LAST).replace('Le-Goff', 'Le Goff')}"
    return " ".join(words)


if __name__ == "__main__":
    main()
