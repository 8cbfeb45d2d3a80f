"""Counting readings."""

from datetime import date

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from eventsapp.core.db import db, on_sqlite
from eventsapp.figures.models import ArticleRead
from eventsapp.figures.statuses import ReadBy


def count_reading(article_id: int, read_by: ReadBy, *, on: date, times: int = 1) -> bool:
    """Count one reading more of an article, or so many; two at the same moment are two.

    Returns whether there was an article to count for: its page may outlive it in a browser.
    """
    insert = sqlite_insert if on_sqlite() else postgresql_insert
    statement = insert(ArticleRead).values(article_id=article_id, read_on=on, read_by=read_by, count=times)
    counting = statement.on_conflict_do_update(
        index_elements=["article_id", "read_on", "read_by"], set_={"count": ArticleRead.count + times}
    )
    try:
        with db.session.begin_nested():
            db.session.execute(counting)
    except IntegrityError:
        return False
    return True
