"""Pictures of reserved texts: for those who may read the text, by whatever right they do."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from eventsapp.core import markdown, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.markdown import PICTURE_WIDTHS
from eventsapp.files import service as files
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.registrations.models import Registration
from eventsapp.site.models import SitePage
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.terms.models import TermsVersion
from tests.magazine.service.test_text_pictures import bring, rewrite
from tests.magazine.uploads import PNG, png
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_contract
from tests.support.queries import counting_queries

EVER = {"starts_on": date(2020, 1, 1), "ends_on": date(2099, 12, 31)}
READER = "lectrice@exemple.fr"
FOR_ONE, FOR_ALL = "private, max-age=3600", "public, max-age=31536000, immutable"


def written(*, access: Access = Access.SUBSCRIBERS, before: int = 6, picture: bytes = PNG, **values: Any) -> Article:
    """Make a published article whose picture stands after so many paragraphs."""
    line = bring(data=picture)
    article = make_article(slug="texte", access=access, **values)
    return rewrite(article, "\n\n".join([f"Paragraphe {number}." for number in range(before)] + [line, "La fin."]))


def pictures(page: str) -> list[str]:
    """Return the addresses of the pictures in a page's text."""
    shown = re.findall(r'<img src="(/fichiers/[^"]+)" srcset="([^"]+)"', page)
    return [src for src, _srcset in shown] + [part.split()[0] for _src, srcset in shown for part in srcset.split(", ")]


def address_of(article: Article) -> str:
    found = re.search(r"\((/fichiers/[^ )]+)", article.body)
    assert found is not None
    return found[1]


def statuses(client: FlaskClient, addresses: list[str]) -> list[tuple[int, str | None]]:
    answers = [client.get(address) for address in addresses]
    return [(answer.status_code, answer.headers.get("Cache-Control")) for answer in answers]


def test_a_picture_of_a_text_for_all_is_everybodys_and_kept_by_everybody(client: FlaskClient) -> None:
    article = written(access=Access.PUBLIC)
    shown = pictures(client.get("/articles/texte/").text)

    assert shown == [address_of(article)] * 2
    assert statuses(client, shown) == [(200, FOR_ALL)] * 2


def test_a_picture_of_a_reserved_text_is_for_whoever_reads_it(client: FlaskClient) -> None:
    address = address_of(written())
    make_contract(READER, **EVER)
    anybody, other = client.application.test_client(), client.application.test_client()
    sign_in(client, make_user(email=READER))
    sign_in(other, make_user(email="autre@exemple.fr"))

    assert pictures(client.get("/articles/texte/").text) == [address] * 2
    assert statuses(client, [address]) == [(200, FOR_ONE)]
    for visitor in (anybody, other):
        assert pictures(visitor.get("/articles/texte/").text) == []
        assert [status for status, _kept in statuses(visitor, [address, f"{address}?cle=x", f"{address}?cle=a.b"])] == [
            404, 404, 404,
        ]  # fmt: skip


def test_what_one_reads_before_the_offer_has_its_picture(client: FlaskClient) -> None:
    address = address_of(written(before=1, free_paragraphs=3))

    assert pictures(client.get("/articles/texte/").text) == [address] * 2
    assert statuses(client, [address]) == [(200, FOR_ONE)]


def given_link(client: FlaskClient) -> str:
    """Let the reader, signed in, give the article; return the address that they pass on."""
    made = client.post("/articles/texte/offrir/", follow_redirects=True).text
    link = re.search(r'href="http://localhost(/articles/texte/lire/[^"]+/)"', made)
    assert link is not None
    return link[1]


def test_a_key_that_opens_the_page_opens_its_pictures_and_no_others(client: FlaskClient) -> None:
    written()
    make_contract(READER, **EVER)
    sign_in(client, make_user(email=READER))
    anybody = client.application.test_client()

    shown = pictures(anybody.get(given_link(client)).text)

    assert len(shown) == 2
    assert all("?cle=" in address for address in shown)
    assert statuses(anybody, shown) == [(200, FOR_ONE)] * 2
    assert [status for status, _kept in statuses(anybody, [shown[0].partition("?")[0]])] == [404]


def test_a_wide_picture_is_for_the_same_people_at_every_width(client: FlaskClient) -> None:
    own = address_of(written(picture=png(width=1400, height=10)))
    make_contract(READER, **EVER)
    sign_in(client, make_user(email=READER))
    anybody = client.application.test_client()
    widths = [f"{own.rpartition('/')[0]}/largeur/{width}/" for width in PICTURE_WIDTHS]

    assert pictures(client.get("/articles/texte/").text) == [widths[1], *widths]
    assert statuses(client, [*widths, own]) == [(200, FOR_ONE)] * 4
    assert [status for status, _kept in statuses(anybody, [*widths, own])] == [404] * 4

    given = pictures(anybody.get(given_link(client)).text)
    assert [address.partition("?cle=")[0] for address in given] == [widths[1], *widths]
    assert statuses(anybody, given) == [(200, FOR_ONE)] * 4
    sent = [anybody.get(address) for address in given[1:]]
    assert [(Image.open(BytesIO(answer.data)).width, answer.mimetype) for answer in sent] == [
        (width, "image/webp") for width in PICTURE_WIDTHS
    ]


def an_editorial(text: str, *, shown: bool) -> None:
    article = make_article(slug="autre", issue_id=make_issue(377, editorial=text).id)
    article.status = ArticleStatus.PUBLISHED if shown else ArticleStatus.DRAFT


def a_day(text: str, *, shown: bool) -> None:
    make_study_day(status=StudyDayStatus.PUBLISHED if shown else StudyDayStatus.DRAFT, description=text)


def what_a_day_asks(text: str, *, shown: bool) -> None:
    make_study_day(status=StudyDayStatus.CANCELLED if shown else StudyDayStatus.DRAFT, practical=text)


def a_biography(text: str, *, shown: bool) -> None:
    make_speaker(biography=text, consent_on=date(2026, 1, 5) if shown else None)


def terms_of_sale(text: str, *, shown: bool) -> None:
    day = date(2020, 1, 1) if shown else date(2099, 1, 1)
    db.session.add(TermsVersion(number=1, in_force_from=day, title="CGV", body="Rien.", body_en=text, made_at=NOW))


def a_page(text: str, *, shown: bool) -> None:
    body = text if shown else "Rien."
    db.session.add(SitePage(slug="mentions-legales", title="Mentions", body=body, updated_at=NOW))


@pytest.mark.parametrize("place", [an_editorial, a_day, what_a_day_asks, a_biography, terms_of_sale, a_page])
@pytest.mark.parametrize(("shown", "status"), [(True, 200), (False, 404)])
def test_a_picture_that_also_stands_in_a_text_for_everybody_is_everybodys(
    client: FlaskClient, place: Callable[..., None], shown: bool, status: int
) -> None:
    article = written(picture=png(width=400, height=10))
    place(f"Un texte.\n\n![Un beffroi]({address_of(article)})", shown=shown)
    db.session.commit()
    narrow = f"{address_of(article).rpartition('/')[0]}/largeur/320/"

    answers = statuses(client, [address_of(article), narrow])

    assert [answer[0] for answer in answers] == [status] * 2
    assert not shown or [answer[1] for answer in answers] == [FOR_ALL] * 2


def test_a_portrait_without_consent_is_nobodys_whatever_text_names_it(client: FlaskClient) -> None:
    with unit_of_work.transaction():
        portrait = files.store(PNG, name="portrait.png", by_id=None, now=NOW)
        speaker = make_speaker(photo_id=portrait.id)
        address = f"/fichiers/{portrait.key}/60x80.png"
    a_page(f"![Camille]({address})", shown=True)
    db.session.commit()
    assert [status for status, _kept in statuses(client, [address])] == [404]

    speaker.consent_on = date(2026, 1, 5)
    db.session.commit()
    assert statuses(client, [address]) == [(200, FOR_ALL)]


def test_a_text_is_not_read_through_for_who_may_have_it_and_once_for_all_others(client: FlaskClient) -> None:
    address = address_of(written())
    make_contract(READER, **EVER)
    anybody = client.application.test_client()
    sign_in(client, make_user(email=READER))
    markdown.beginning.cache_clear()

    assert statuses(client, [address]) == [(200, FOR_ONE)]
    assert markdown.beginning.cache_info().misses == 0

    assert [status for status, _kept in statuses(anybody, [address] * 3)] == [404] * 3
    assert markdown.beginning.cache_info().misses == 1


def test_who_took_part_sees_the_pictures_of_the_report_by_the_link_of_the_seat(client: FlaskClient) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    secret = db.session.scalars(sa.select(Registration.secret)).one()
    written(kind=ArticleKind.REPORT, study_day_id=day.id)

    shown = pictures(client.get(f"/inscriptions/{secret}/comptes-rendus/texte/").text)

    assert len(shown) == 2
    assert statuses(client, shown) == [(200, FOR_ONE)] * 2


@pytest.mark.parametrize(
    ("access", "before", "selects"),
    [
        pytest.param(Access.PUBLIC, 6, 2, id="for all"),
        pytest.param(Access.SUBSCRIBERS, 1, 3, id="in how it begins"),
        pytest.param(Access.SUBSCRIBERS, 6, 4, id="reserved, and in no other text"),
    ],
)
def test_asking_costs_visitors_two_queries_more_at_most(
    client: FlaskClient, access: Access, before: int, selects: int
) -> None:
    address = address_of(written(access=access, before=before, free_paragraphs=3))
    db.session.expire_all()

    with counting_queries() as count:
        client.get(address)

    assert len([line for line in count.statements if line.startswith("SELECT")]) == selects
