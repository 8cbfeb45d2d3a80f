"""Pictures in the text of articles: brought one by one, kept with the texts that name them."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager

from eventsapp.accounts.models import User
from eventsapp.core import markdown
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.files.queries import is_named_in
from eventsapp.magazine.models import Article, Issue, TextPicture, article_text_pictures
from eventsapp.magazine.values import Upload
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import StudyDay
from eventsapp.terms.models import TermsVersion

#: A picture that no text has named for so long after it was brought was not wanted.
FORGOTTEN_AFTER = timedelta(days=7)
_BATCH = 100
#: The pages of the site, a room above this one.
_SITE_PAGES = sa.table("site_pages", sa.column("body", sa.Text))


def bring_picture(upload: Upload | None, *, alt: str, caption: str, actor: User, now: datetime) -> str:
    """Keep a picture, drawn anew, for a text; return the line of Markdown that shows it there.

    Raises ``Invalid``, naming each field, without a picture or without what it shows, and ``FileRefused``.
    """
    errors = {}
    if upload is None:
        errors["/picture"] = _("Choisissez une image : PNG, JPEG ou WebP.")
    if not alt.strip():
        errors["/alt"] = _("Dites ce que montre l’image, pour ceux qui ne la voient pas.")
    if upload is None or errors:
        raise Invalid("L’image n’est pas ajoutée.", errors=errors)
    stored = files.store(upload.data, name=upload.name, by_id=actor.id, now=now)
    if not stored.width or not stored.height:
        raise Invalid("Une image est attendue.", errors={"/picture": _("Choisissez une image : PNG, JPEG ou WebP.")})
    db.session.add(TextPicture(file=stored, brought_at=now))
    db.session.flush()
    return _line(stored, alt=alt, caption=caption)


def keep_pictures(article: Article) -> None:
    """Remember which pictures the text of the article, flushed, shows; those of former versions stay with it."""
    keys = {picture.key for picture in markdown.pictures(article.body)}
    own = article_text_pictures.c
    known = dict(
        db.session.execute(
            sa.select(own.picture_id, own.is_shown).where(own.article_id == article.id)
        ).all()
    )  # fmt: skip
    if not keys and not known:
        return
    named = set(
        db.session.scalars(
            sa.select(TextPicture.id)
            .join(StoredFile, StoredFile.id == TextPicture.file_id)
            .where(StoredFile.key.in_(keys))
        )
    )
    for picture_id in named - known.keys():
        db.session.execute(
            sa.insert(article_text_pictures).values(article_id=article.id, picture_id=picture_id, is_shown=True)
        )
    for picture_id, is_shown in known.items():
        if is_shown is not (picture_id in named):
            db.session.execute(
                sa.update(article_text_pictures)
                .where(own.article_id == article.id, own.picture_id == picture_id)
                .values(is_shown=picture_id in named)
            )


def forget_pictures(*, now: datetime) -> int:
    """Delete pictures that were brought and never came into a text; return how many."""
    unused = db.session.scalars(
        sa.select(TextPicture)
        .join(TextPicture.file)
        .where(
            TextPicture.brought_at < now - FORGOTTEN_AFTER,
            ~sa.exists().where(article_text_pictures.c.picture_id == TextPicture.id),
            ~sa.exists().where(is_named_in(Issue.editorial)),
            ~sa.exists().where(is_named_in(StudyDay.description, StudyDay.practical)),
            ~sa.exists().where(is_named_in(Speaker.biography)),
            ~sa.exists().where(is_named_in(TermsVersion.body, TermsVersion.body_en)),
            ~sa.exists().where(is_named_in(_SITE_PAGES.c.body)),
        )
        .order_by(TextPicture.id)
        .limit(_BATCH)
        .options(contains_eager(TextPicture.file))
    ).all()
    for picture in unused:
        db.session.delete(picture)
        db.session.flush()
        files.delete(picture.file)
    return len(unused)


def _line(stored: StoredFile, *, alt: str, caption: str) -> str:
    ending = stored.name.rpartition(".")[2]
    address = markdown.picture_address(stored.key, width=stored.width or 1, height=stored.height or 1, ending=ending)
    shown = markdown.words_alone(alt)
    title = markdown.words_alone(caption).replace('"', "”")
    return f'![{shown}]({address} "{title}")' if title else f"![{shown}]({address})"
