"""How often articles were read."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import load_only

from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Kind, Listing, Row
from eventsapp.figures import rules
from eventsapp.figures.models import ArticleRead
from eventsapp.figures.statuses import ReadBy
from eventsapp.figures.values import ReadMonth
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access

READ_WORDS = {
    ReadBy.FREE: _l("Libre"),
    ReadBy.SUBSCRIBER: _l("Abonné"),
    ReadBy.ATTENDEE: _l("Participant"),
    ReadBy.GIFT: _l("Offert"),
}
#: Articles named on the page of all figures.
_MOST_READ = 10


def reads_by_month(first: date, last: date) -> list[ReadMonth]:
    """Return how often articles were read in each month of a period: one query."""
    rows = db.session.execute(
        sa.select(ArticleRead.read_on, ArticleRead.read_by, sa.func.sum(ArticleRead.count))
        .where(ArticleRead.read_on.between(first, last))
        .group_by(ArticleRead.read_on, ArticleRead.read_by)
    )
    counted: dict[date, Counter[ReadBy]] = {month: Counter() for month in rules.months_of(first, last)}
    for read_on, read_by, count in rows:
        if (month := read_on.replace(day=1)) in counted:
            counted[month][read_by] += int(count)
    return [ReadMonth(month=month, by=by) for month, by in counted.items()]


def most_read(first: date, last: date) -> Sequence[tuple[str, str, int]]:
    """Return slug and title of the articles that were read most in a period, and how often."""
    count = sa.func.sum(ArticleRead.count)
    rows = db.session.execute(
        sa.select(Article.slug, Article.title, count)
        .join(ArticleRead, ArticleRead.article_id == Article.id)
        .where(ArticleRead.read_on.between(first, last))
        .group_by(Article.id, Article.slug, Article.title)
        .order_by(count.desc(), Article.id)
        .limit(_MOST_READ)
    )
    return [(slug, title, int(total)) for slug, title, total in rows]


def read_list(first: date, last: date) -> Listing:
    """Describe the list of the articles that were read in a period, the most read first."""
    sums = (
        sa.select(
            ArticleRead.article_id,
            sa.func.sum(ArticleRead.count).label("total"),
            *(
                sa.func.sum(sa.case((ArticleRead.read_by == kind, ArticleRead.count), else_=0)).label(kind.value)
                for kind in ReadBy
            ),
        )
        .where(ArticleRead.read_on.between(first, last))
        .group_by(ArticleRead.article_id)
        .subquery()
    )
    columns: list[Any] = [Article, sums.c.total, *(sums.c[kind.value] for kind in ReadBy)]
    return Listing(
        name="lectures",
        title=_l("Lectures"),
        statement=sa.select(*columns).join(sums, sums.c.article_id == Article.id),
        loads=(
            load_only(Article.slug, Article.title, Article.access, Article.published_at, Article.kind, raiseload=True),
        ),
        search=(Article.title,),
        search_hint=_l("Titre"),
        filters=(
            Choice(
                name="acces",
                label=_l("Accès"),
                options={Access.PUBLIC.value: _l("Libre"), Access.SUBSCRIBERS.value: _l("Réservé aux abonnés")},
                where=lambda value: Article.access == Access(value),
            ),
        ),
        columns=(
            Column("titre", _l("Titre"), lambda row: row.Article.title, opens=True, sort=Article.title),
            Column("paru", _l("Paru"), lambda row: row.Article.published_at, kind=Kind.MOMENT, on_phone=False),
            *(
                Column(
                    kind.value,
                    word,
                    _count_of(kind),
                    kind=Kind.NUMBER,
                    sort=sums.c[kind.value],
                    on_phone=False,
                )
                for kind, word in READ_WORDS.items()
            ),
            Column("total", _l("Total"), lambda row: int(row.total), kind=Kind.NUMBER, sort=sums.c.total),
        ),
        order=(sums.c.total.desc(), Article.id),
        empty=_l("Aucune lecture n’a été comptée dans cette période."),
    )


def _count_of(kind: ReadBy) -> Callable[[Row], int]:
    return lambda row: int(getattr(row, kind.value))
