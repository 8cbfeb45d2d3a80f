"""The PDF of an article: its name, and what it says about its day."""

import io

import pytest
from pypdf import PdfReader

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.files import service as files
from eventsapp.magazine import papers, queries, service
from eventsapp.magazine.models import Article
from eventsapp.magazine.service._text_pictures import keep_pictures
from eventsapp.magazine.values import Upload
from tests.magazine.uploads import PNG
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_correction, make_issue
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def shown(article: Article, *, reader: str = "") -> str:
    """Return the text of the article's PDF, on one line."""
    found = queries.published_article(article.slug)
    assert found is not None
    paper = papers.article_pdf(found, voices=queries.voices_of(found), reading=[], reader=reader)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("Angers", 376, "La Lettre du cadre territorial - n° 376 - Angers.pdf"),
        ("Angers", None, "La Lettre du cadre territorial - Angers.pdf"),
        ('À lire : "a/b\\c" <d>|?*', None, "La Lettre du cadre territorial - À lire a b c d.pdf"),
        ("x" * 300, None, f"La Lettre du cadre territorial - {'x' * 87}.pdf"),
    ],
)
def test_a_file_has_a_name_that_readers_and_their_computers_can_live_with(
    title: str, number: int | None, name: str
) -> None:
    issue = make_issue(number) if number else None
    make_article(slug="angers", title=title[:200], issue_id=issue.id if issue else None)
    found = queries.published_article("angers")
    assert found is not None

    assert papers.file_name(found) == name


def test_people_stand_under_their_session_and_those_of_no_session_under_the_day() -> None:
    day = make_study_day(title="La mutualisation", city=make_city("Angers"))
    speaker, guest = make_speaker("Michel Monier"), make_speaker("Anne Ailleurs")
    session = make_session(day, title="Angers et son agglomération", speakers=[speaker])

    text = shown(make_article(study_day_id=day.id, sessions=[session], speakers=[speaker, guest]))

    assert "À propos des séances" in text
    assert text.index("Angers et son agglomération") < text.index("Michel Monier") < text.index("La mutualisation")
    assert text.index("La mutualisation") < text.index("Anne Ailleurs")


def test_an_article_about_no_day_says_nothing_of_sessions() -> None:
    assert "À propos" not in shown(make_article())


def test_a_copy_names_its_reader() -> None:
    assert "Exemplaire de Claire Lectrice" in shown(make_article(), reader="Claire Lectrice")


def test_what_was_corrected_is_told_before_the_text_with_its_issue_and_page() -> None:
    article = make_article(issue_id=make_issue(376).id, body="Le texte lui-même.")
    make_correction(article, note="Le total était de douze, et non de dix.")

    text = shown(article)

    assert "Rectificatif du" in text
    assert text.index("douze, et non de dix") < text.index("Le texte lui-même")
    assert "N° 376" in text
    assert "1 sur 1" in text or "1/1" in text or "1 / 1" in text
    assert "Rectificatif" not in shown(make_article())


def test_pictures_notes_and_who_is_quoted_are_printed() -> None:
    with unit_of_work.transaction():
        line = service.bring_picture(
            Upload(data=PNG, name="beffroi.png"),
            alt="Un beffroi",
            caption="Angers, © A. Roux",
            actor=make_user(RoleName.EDITOR),
            now=NOW,
        )
    body = f"Un mot[^1].\n\n{line}\n\n::: quote Anne Roux, élue\nOsons.\n:::\n\n[^1]: La note du bas."
    article = make_article(body=body)
    with unit_of_work.transaction():
        keep_pictures(article)
    found = queries.published_article(article.slug)
    assert found is not None

    pages = PdfReader(io.BytesIO(papers.article_pdf(found, voices=[], reading=[]))).pages

    assert sum(len(page.images) for page in pages) == 1
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Angers, © A. Roux" in text
    assert "— Anne Roux, élue" in text
    assert "La note du bas." in text


def test_a_picture_that_the_web_does_not_show_is_not_printed_either() -> None:
    with unit_of_work.transaction():
        portrait = files.store_portrait(PNG, name="portrait.png", now=NOW)
        speaker = make_speaker(photo=portrait)
    article = make_article(body=f"Un mot.\n\n![Claude](/fichiers/{portrait.key}/9x9.png)")

    def printed() -> int:
        found = queries.published_article(article.slug)
        assert found is not None
        paper = papers.article_pdf(found, voices=[], reading=[])
        return sum(len(page.images) for page in PdfReader(io.BytesIO(paper)).pages)

    assert printed() == 0
    with unit_of_work.transaction():
        speaker.consent_on = NOW.date()
    assert printed() == 1


def test_a_lost_picture_leaves_the_paper_whole() -> None:
    assert "Un mot." in shown(make_article(body=f"Un mot.\n\n![Rien](/fichiers/{'k' * 32}/9x9.png)"))
