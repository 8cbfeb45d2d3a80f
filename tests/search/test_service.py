from datetime import UTC, datetime, timedelta

import pytest

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleStatus
from eventsapp.places.models import City
from eventsapp.search import queries, service
from eventsapp.search.values import Kind
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.magazine import CANARY, make_article, make_issue
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def index() -> None:
    service.rebuild()
    db.session.commit()


def found(searched: str, kind: Kind | None = None) -> list[tuple[Kind, str]]:
    return [(hit.kind, hit.slug) for hit in queries.find(searched, kind=kind, size=50).page.items]


def titles(searched: str, kind: Kind) -> list[str]:
    hits = queries.find(searched, kind=kind, size=50).page.items
    return ["".join(piece for piece, _ in hit.title) for hit in hits]


def test_a_day_is_found_by_title_town_speaker_and_programme() -> None:
    day = make_study_day(slug="angers", title="La mutualisation des services", city=make_city("Angers"))
    make_session(day, title="Compter juste", summary="Le périmètre.", speakers=[make_speaker("Claude Laurent")])
    index()

    for searched in ("mutualiser", "angers", "laurent", "périmètres", "directrice générale", "février 2027"):
        assert (Kind.DAY, "angers") in found(searched), searched


def test_a_session_leads_to_its_number() -> None:
    day = make_study_day(slug="angers")
    make_session(day, position=3, title="Compter juste")
    index()

    hits = queries.find("compter", kind=Kind.SESSION).page.items

    assert [(hit.slug, hit.position) for hit in hits] == [("angers", 3)]


def test_drafts_are_not_found_nor_who_speaks_only_there() -> None:
    draft = make_study_day(title="Piscines", status=StudyDayStatus.DRAFT)
    make_session(draft, title="Bassins", speakers=[make_speaker("Odile Kermarrec")])
    make_article(title="Piscines couvertes", status=ArticleStatus.DRAFT)
    index()

    assert found("piscines") == found("bassins") == found("kermarrec") == []


def test_of_a_reserved_article_title_and_lead_are_found_and_the_body_is_not_even_kept() -> None:
    make_article(slug="a", title="Le récit", lead="Cinq territoires.", access=Access.SUBSCRIBERS)
    make_article(slug="b", title="Autre récit", lead="Cinq villes.", access=Access.PUBLIC)
    index()

    assert found("territoires") == [(Kind.ARTICLE, "a")]
    assert found(CANARY) == [(Kind.ARTICLE, "b")]
    hit = queries.find("territoires").page.items[0]
    assert hit.reserved
    assert CANARY not in "".join(piece for piece, _ in hit.excerpt)


def test_a_biography_is_found_only_with_consent() -> None:
    day = make_study_day()
    silent = make_speaker("Marc Dussaux", biography="Ancien contrôleur de gestion.")
    make_session(day, speakers=[silent])
    index()
    assert found("contrôleur") == []

    silent.consent_on = datetime(2026, 1, 1, tzinfo=UTC).date()
    index()

    assert found("contrôleur") == [(Kind.SPEAKER, silent.slug)]


def test_what_is_in_the_title_comes_first() -> None:
    make_article(slug="in-body", title="Autre chose", lead="", body="La dette, encore la dette, toujours la dette.")
    make_article(slug="in-title", title="La dette", body="Un texte long qui parle de tout autre chose. " * 200)
    make_article(slug="begun", title="Dettes et endettement", lead="", body="")
    index()

    assert [slug for _, slug in found("dette")][-1] == "in-body"
    assert {slug for _, slug in found("dette")} == {"in-body", "in-title", "begun"}


def test_names_are_found_with_a_slip_but_not_when_somebody_is_found_exactly() -> None:
    day = make_study_day()
    make_session(day, speakers=[make_speaker("Michel Monier"), make_speaker("Jean Moniez")])
    index()

    assert titles("Monnier", Kind.SPEAKER)[0] == "Michel Monier"
    assert set(titles("Monieux", Kind.SPEAKER)) == {"Michel Monier", "Jean Moniez"}
    assert titles("Monier", Kind.SPEAKER) == ["Michel Monier"]


def test_days_are_narrowed_by_the_same_index() -> None:
    day = make_study_day(title="La mutualisation des services")
    make_study_day(title="Piscines")
    index()

    keys = queries.days_matching("mutualiser")
    assert keys is not None
    assert db.session.scalars(keys).all() == [day.id]
    assert queries.days_matching("???") is None


@pytest.mark.parametrize(
    "searched",
    [
        '"',
        "'",
        "a' | 'b",
        "NEAR(",
        "title:x",
        "x*",
        "-x",
        "^x",
        "(",
        ")",
        "\\",
        "a\x00b",
        "%",
        "&",
        "!",
        "<->",
        "½",
        "ﷺ",
        "𝕏",
        "1e5",
    ],
)
def test_no_search_breaks_the_database(searched: str) -> None:
    make_study_day(title=f"Titre {searched.replace(chr(0), '')}")
    index()

    queries.find(searched)
    keys = queries.days_matching(searched)
    if keys is not None:
        db.session.scalars(keys).all()


def test_the_index_follows_each_change_in_its_transaction() -> None:
    city = make_city("Angers")
    day = make_study_day(slug="angers", title="Piscines", city=city)
    speaker = make_speaker("Claude Laurent")
    make_session(day, speakers=[speaker])
    article = make_article(title="Récit", speakers=[speaker], issue=make_issue(376))
    index()

    with unit_of_work.transaction():
        db.session.get_one(StudyDay, day.id).title = "Bibliothèques"
        db.session.get_one(City, city.id).name = "Nantes"
        db.session.get_one(Speaker, speaker.id).last_name = "Vasseur"
        db.session.get_one(Article, article.id).title = "Chronique"

    assert found("piscines") == found("récit") == found("laurent") == []
    assert (Kind.DAY, "angers") in found("bibliothèque")
    assert (Kind.DAY, "angers") in found("nantes")
    assert {kind for kind, _ in found("vasseur")} == set(Kind)
    assert found("chronique 376") == [(Kind.ARTICLE, article.slug)]


def test_withdrawing_takes_out_of_the_index() -> None:
    day = make_study_day(title="Piscines")
    speaker = make_speaker("Odile Kermarrec")
    make_session(day, title="Bassins", speakers=[speaker])
    article = make_article(title="Piscines couvertes")
    index()
    assert len(found("piscines")) == 3

    with unit_of_work.transaction():
        db.session.get_one(StudyDay, day.id).status = StudyDayStatus.DRAFT
        db.session.get_one(Article, article.id).status = ArticleStatus.WITHDRAWN

    assert found("piscines") == found("kermarrec") == found("kermarec") == []


def test_deleting_takes_out_of_the_index() -> None:
    article = make_article(title="Piscines couvertes")
    index()

    with unit_of_work.transaction():
        db.session.delete(db.session.get_one(Article, article.id))

    assert found("piscines") == []


def test_a_refused_change_leaves_the_index_alone() -> None:
    day = make_study_day(title="Piscines")
    index()

    def fail_after_renaming() -> None:
        with unit_of_work.transaction():
            db.session.get_one(StudyDay, day.id).title = "Bibliothèques"
            db.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_renaming()

    assert len(found("piscines")) == 1
    assert found("bibliothèques") == []


def test_rebuilding_twice_gives_the_same_index() -> None:
    make_session(make_study_day(), speakers=[make_speaker("Claude Laurent")])

    assert service.rebuild() == 3
    assert service.rebuild() == 3
    assert len(titles("laurent", Kind.SPEAKER)) == 1


def test_counts_are_by_kind_and_pages_hold_their_size() -> None:
    for _ in range(5):
        make_study_day(title="Piscines")
    make_article(title="Piscines")
    index()

    first = queries.find("piscines", size=4)
    last = queries.find("piscines", kind=Kind.DAY, page=9, size=4)

    assert first.counts == {Kind.DAY: 5, Kind.ARTICLE: 1}
    assert (first.page.total, len(first.page.items), first.page.pages) == (6, 4, 2)
    assert (last.page.number, last.page.total, len(last.page.items)) == (2, 5, 1)


def test_of_a_word_that_stands_everywhere_the_newest_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries._found, "MOST_RANKED", 3)
    monkeypatch.setattr(service, "BATCH", 1)
    for number in range(5):
        make_article(title=f"Piscines {number}", created_at=NOW - timedelta(days=9 - number))
    make_study_day(title="Piscines", created_at=NOW - timedelta(days=6, hours=12))
    index()

    everything = queries.find("piscines")
    articles = queries.find("piscines", kind=Kind.ARTICLE, page=9, size=2)
    days = queries.find("piscines", kind=Kind.DAY)

    assert {"".join(piece for piece, _ in hit.title) for hit in everything.page.items} == {
        "Piscines", "Piscines 3", "Piscines 4",
    }  # fmt: skip
    assert (everything.is_broad, everything.counts, everything.page.total) == (True, {}, 3)
    assert (articles.is_broad, articles.page.number, len(articles.page.items)) == (True, 2, 1)
    assert (days.is_broad, days.page.total, days.counts) == (False, 1, {Kind.ARTICLE: 5, Kind.DAY: 1})


@pytest.mark.parametrize(
    ("searched", "first"),
    [
        ("KERMARREC", "Bérénice Kermarrec-Lhuître"),
        ("berenice lhuitre", "Bérénice Kermarrec-Lhuître"),
        ("Kermarec Bérénice", "Bérénice Kermarrec-Lhuître"),
        ("dgs sobriété", "Le DGS et la sobriété foncière"),
        ("D.G.S. sobrietes foncieres", "Le DGS et la sobriété foncière"),
        ("cheval canal", "Chevaux de halage\u202f: le retour des canaux"),
        ("passations dgs", "Réussir la passation entre deux D.G.S."),
    ],
)
def test_what_is_meant_comes_first_among_what_only_mentions_it(searched: str, first: str) -> None:
    day = make_study_day(title="Le DGS et la sobriété foncière")
    make_session(day, title="Table ronde", speakers=[make_speaker("Bérénice Kermarrec-Lhuître")])
    make_article(title="Chevaux de halage\u202f: le retour des canaux")
    make_article(title="Réussir la passation entre deux D.G.S.")
    body = (
        "Bérénice Kermarrec-Lhuître, DGS, dit des passations entre DGS et de la sobriété foncière, "
        "des chevaux et des canaux, ce que chaque directeur en dit. " * 4
    )
    for number in range(8):
        make_article(title=f"Entretien n° {number}", body=body)
    index()

    hits = queries.find(searched, size=3).page.items

    assert "".join(piece for piece, _ in hits[0].title) == first
