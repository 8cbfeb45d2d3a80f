"""Two people saved one article: nothing is lost, and the second chooses."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom, revisions
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.magazine.values import ArticleContent
from tests.magazine.web.office.typed import typed
from tests.support.makers.magazine import make_issue
from tests.support.makers.study_days import NOW
from tests.support.pages import Page

MINE, THEIRS = "Cinq villes ont parlé.", "Six territoires ont parlé."


@pytest.fixture
def article(transaction: None) -> Article:
    made = service.create_article(
        content=ArticleContent(title="Avant", lead="Le chapô.", body="Cinq territoires ont parlé."),
        actor=None,
        now=NOW,
    )
    db.session.commit()
    return made


def clash(client: FlaskClient, article: Article, **mine: Any) -> tuple[dict[str, Any], str]:
    """Let somebody else save first; return what the second one's browser sent, and the page that comes back."""
    opened = typed(article)
    address = f"/organisation/articles/{article.id}/"
    assert client.post(address, data=opened | {"body": THEIRS, "lead": "Leur chapô."}).status_code == 303
    sent = opened | {"body": MINE} | mine
    answer = client.post(address, data=sent)
    assert answer.status_code == 409
    return sent, answer.text


def saved(article: Article) -> Article:
    db.session.expire_all()
    found = newsroom.article(article.id)
    assert found is not None
    return found


def test_both_texts_are_shown_and_nothing_is_overwritten(editor: FlaskClient, article: Article) -> None:
    _sent, page = clash(editor, article, title="Mon titre")

    assert "Quelqu’un d’autre a enregistré cet article" in page
    assert f'<div class="diff">{THEIRS}</div>' in page
    assert MINE in page
    assert re.search(r"<del><span class=\"unseen\">[^<]+</span>Six<span", page)
    fields = Page(page).fields
    assert (fields["title"], fields["body"], fields["version"]) == ("Mon titre", MINE, "2")
    assert fields["lead"] == "Leur chapô.", "left alone here, it is theirs"
    assert 'name="choix-title"' not in page, "only this one changed the title"
    assert (saved(article).body, saved(article).title) == (THEIRS, "Avant")


@pytest.mark.parametrize(("choice", "body"), [("mine", MINE), ("theirs", THEIRS), ("hand", "Six villes ont parlé.")])
def test_the_choice_is_saved_over_what_was_shown(editor: FlaskClient, article: Article, choice: str, body: str) -> None:
    sent, page = clash(editor, article)
    again = sent | {"version": Page(page).fields["version"], "lead": Page(page).fields["lead"]}
    again |= {"choix-body": choice, "mine-body": MINE, "body": "Six villes ont parlé."}

    answer = editor.post(f"/organisation/articles/{article.id}/", data=again)

    assert answer.status_code == 303
    assert (saved(article).body, saved(article).lead) == (body, "Leur chapô.")
    texts = [revisions.revision(article.id, number) for number in (1, 2)]
    assert [each and each.body for each in texts] == ["Cinq territoires ont parlé.", THEIRS], "theirs stays a revision"


def test_who_saves_meanwhile_once_more_is_not_overwritten_either(editor: FlaskClient, article: Article) -> None:
    sent, page = clash(editor, article)
    shown = Page(page).fields["version"]
    editor.post(f"/organisation/articles/{article.id}/", data=typed(article, body="Encore un autre."))

    answer = editor.post(
        f"/organisation/articles/{article.id}/",
        data=sent | {"version": shown, "choix-body": "mine", "mine-body": MINE},
    )

    assert answer.status_code == 409
    assert saved(article).body == "Encore un autre."
    assert Page(answer.text).fields["body"] == MINE


def test_what_both_wrote_alike_is_no_conflict_and_other_choices_are_named(
    editor: FlaskClient, article: Article
) -> None:
    issue = make_issue()
    _sent, page = clash(editor, article, body=THEIRS, lead="Leur chapô.", issue=str(issue.id))

    assert "choix-body" not in page
    assert "restent comme vous les avez choisis" in page
    assert "Numéro." in page


def test_a_choice_that_is_too_long_is_said_and_not_saved(editor: FlaskClient, article: Article) -> None:
    answer = editor.post(
        f"/organisation/articles/{article.id}/",
        data=typed(article) | {"choix-title": "mine", "mine-title": "x" * 201},
    )

    assert answer.status_code == 422
    assert saved(article).title == "Avant"


def test_a_conflict_moves_nothing(editor: FlaskClient, article: Article) -> None:
    opened = typed(article)
    editor.post(f"/organisation/articles/{article.id}/", data=opened | {"body": THEIRS})

    answer = editor.post(f"/organisation/articles/{article.id}/publier/", data=opened | {"body": MINE})

    assert answer.status_code == 409
    assert "choix-body" in answer.text
    assert saved(article).status is ArticleStatus.DRAFT
