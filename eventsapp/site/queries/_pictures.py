"""Pictures that were brought for articles and stand in other texts that everybody reads."""

import sqlalchemy as sa

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.files.models import StoredFile
from eventsapp.files.queries import is_named_in
from eventsapp.magazine import queries as magazine
from eventsapp.magazine.models import TextPicture
from eventsapp.site.models import SitePage
from eventsapp.speakers import queries as speakers
from eventsapp.study_days import queries as study_days
from eventsapp.terms import queries as terms


def shows_picture(file: StoredFile) -> bool:
    """Return whether the picture of a text stands in an editorial, a day, a biography or a page that visitors read.

    It reads through all of these: ask it last.
    """
    # A portrait is no picture of a text: without consent no text shows it.
    found = sa.select(StoredFile.id).where(
        StoredFile.id == file.id,
        sa.exists().where(TextPicture.file_id == StoredFile.id),
        sa.or_(
            magazine.file_is_named(),
            sa.exists().where(is_named_in(SitePage.body)),
            terms.file_is_named(clock.local_date(clock.now())),
            study_days.file_is_named(),
            speakers.file_is_named(),
        ),
    )
    return db.session.scalar(found) is not None
