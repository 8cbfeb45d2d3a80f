"""The picture of an article: described, replaced, removed, told in its history."""

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.audit import queries as audit
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files import storage
from eventsapp.files.errors import FileRefused
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.values import Cover, Upload
from tests.magazine.uploads import PDF, PNG
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")


def loaded(article: Article) -> Article:
    key = article.id
    db.session.commit()
    db.session.expire_all()
    found = newsroom.article(key)
    assert found is not None
    return found


def change(article: Article, cover: Cover) -> Article:
    editor = make_user(RoleName.EDITOR)
    with unit_of_work.transaction():
        service.set_article_picture(loaded(article), cover=cover, actor=editor, now=NOW)
    return loaded(article)


def test_a_picture_says_what_it_shows_is_replaced_and_removed() -> None:
    article = change(
        make_article(), Cover(upload=Upload(data=PNG, name="une.png"), alt=" Un beffroi. ", credit="A. Photographe")
    )
    assert article.cover is not None
    first = article.cover.key
    assert (article.cover_alt, article.cover_credit) == ("Un beffroi.", "A. Photographe")

    article = change(article, Cover(upload=Upload(data=PNG, name="autre.png"), alt="Une tour."))
    assert article.cover is not None
    assert article.cover.key != first
    assert not storage.path_of(first).exists()

    article = change(article, Cover(remove=True))
    assert (article.cover, article.cover_alt, article.cover_credit) == (None, "", "")
    told = [entry.action for entry in audit.history_of("article", article.id, most=10)]
    assert told.count("articles.picture") == 3


@pytest.mark.parametrize(
    ("upload", "alt", "error"),
    [(Upload(data=PNG, name="une.png"), " ", Invalid), (Upload(data=PDF, name="x.pdf"), "X", Invalid),
     (Upload(data=b"GIF89a<script>", name="x.png"), "X", FileRefused)],
    ids=["undescribed", "no picture", "no file of a kind"],
)  # fmt: skip
def test_what_is_no_described_picture_is_refused(upload: Upload, alt: str, error: type[Exception]) -> None:
    editor = make_user(RoleName.EDITOR)
    article = loaded(make_article())

    with pytest.raises(error):
        service.set_article_picture(article, cover=Cover(upload=upload, alt=alt), actor=editor, now=NOW)
