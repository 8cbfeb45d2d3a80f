"""Pictures in texts: brought, shown while a text names them, forgotten when none ever did."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.core import markdown, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files import queries as files
from eventsapp.files import storage
from eventsapp.magazine import queries, service
from eventsapp.magazine.models import Article, TextPicture
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.service import _text_pictures
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.magazine.values import ArticleContent, Upload
from eventsapp.site.models import SitePage
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.terms.models import TermsVersion
from tests.magazine.uploads import PDF, PNG
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.study_days import NOW, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def bring(alt: str = "Un beffroi", caption: str = "", data: bytes = PNG) -> str:
    editor = make_user(RoleName.EDITOR)
    with unit_of_work.transaction():
        upload = Upload(data=data, name="beffroi.png")
        return service.bring_picture(upload, alt=alt, caption=caption, actor=editor, now=NOW)


def rewrite(article: Article, body: str) -> Article:
    key = article.id
    db.session.commit()
    db.session.expire_all()
    with unit_of_work.transaction():
        found = newsroom.article(key)
        assert found is not None
        content = service.content_of(found)
        values = {name: getattr(content, name) for name in content.__dataclass_fields__} | {"body": body}
        service.edit_article(found, content=ArticleContent(**values), version=found.version, actor=None, now=NOW)
    return found


def is_shown(line: str) -> bool:
    (picture,) = markdown.pictures(line)
    file = files.by_key(picture.key)
    assert file is not None
    return queries.shown_keys([file.key]) == {file.key}


def test_the_line_shows_the_picture_and_means_nothing_else() -> None:
    line = bring(alt="Un [beffroi]\nd'`Angers`", caption='"Vue" © A. Roux')
    (picture,) = markdown.pictures(line)

    assert (picture.width, picture.height) == (60, 80)
    assert picture.alt == "Un (beffroi) d’’Angers’"
    assert "© A. Roux" in picture.caption


@pytest.mark.parametrize(("alt", "data", "field"), [(" ", PNG, "/alt"), ("Un plan", PDF, "/picture")])
def test_a_picture_needs_words_and_to_be_one(alt: str, data: bytes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        bring(alt=alt, data=data)

    assert field in refused.value.errors


def test_readers_have_it_while_the_published_text_names_it() -> None:
    line = bring()
    article = make_article(body="Un texte.", status=ArticleStatus.PUBLISHED)
    assert not is_shown(line), "brought, and in no text yet"

    rewrite(article, f"Un texte.\n\n{line}")
    assert is_shown(line)

    rewrite(article, "Un texte.")
    assert not is_shown(line), "taken out of the text"

    rewrite(article, f"{line}\n\nUn texte.")
    assert is_shown(line), "a former version may be taken up again"


def test_a_draft_shows_it_to_nobody() -> None:
    line = bring()
    rewrite(make_article(body="Un texte.", status=ArticleStatus.DRAFT), f"Un texte.\n\n{line}")

    assert not is_shown(line)


def test_a_text_whose_image_nothing_describes_is_not_kept() -> None:
    with pytest.raises(Invalid) as refused:
        rewrite(make_article(), bring().replace("Un beffroi", ""))

    assert "/body" in refused.value.errors


def test_what_never_came_into_a_text_is_forgotten_and_the_rest_stays() -> None:
    used, unused = bring(), bring()
    article = rewrite(make_article(), used)
    rewrite(article, "Sans image.")
    late = NOW + _text_pictures.FORGOTTEN_AFTER + timedelta(seconds=1)

    with unit_of_work.transaction():
        assert service.forget_pictures(now=NOW) == 0
        assert service.forget_pictures(now=late) == 1

    assert db.session.scalar(sa.select(sa.func.count(TextPicture.id))) == 1
    assert storage.path_of(markdown.pictures(used)[0].key).exists()
    assert not storage.path_of(markdown.pictures(unused)[0].key).exists()


@pytest.mark.parametrize(
    "place",
    [
        lambda text: make_issue(editorial=text),
        lambda text: make_study_day(description=text),
        lambda text: make_study_day(practical=text, status=StudyDayStatus.DRAFT),
        lambda text: make_speaker(biography=text),
        lambda text: TermsVersion(number=1, in_force_from=NOW.date(), title="CGV", body=text, made_at=NOW),
        lambda text: SitePage(slug="accessibilite", title="Accessibilité", body=text, updated_at=NOW),
    ],
    ids=["editorial", "day", "practical", "biography", "terms", "page"],
)
def test_what_stands_in_another_text_is_not_forgotten(place: Callable[[str], Any]) -> None:
    line = bring()
    bring()
    db.session.add(place(f"Un texte.\n\n{line}"))
    db.session.commit()

    with unit_of_work.transaction():
        assert service.forget_pictures(now=NOW + _text_pictures.FORGOTTEN_AFTER + timedelta(seconds=1)) == 1

    assert files.by_key(markdown.pictures(line)[0].key) is not None
