"""The picture of an issue or of an article: what it shows, whose it is."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.magazine.models import Article, Issue
from eventsapp.magazine.values import Cover, Upload


def set_article_picture(article: Article, *, cover: Cover, actor: User, now: datetime) -> None:
    """Give the article, cover loaded, another picture, or none; readers see it at once where they see the article.

    Raises ``Invalid`` for a picture that nothing describes, ``FileRefused``.
    """
    before = _facts(article)
    change_picture(article, cover=cover, actor=actor, now=now)
    if changes := audit.difference(before, _facts(article)):
        subject = ("article", article.id, article.title)
        audit.record("articles.picture", actor=actor, subject=subject, now=now, changes=changes)


def change_picture(holder: Issue | Article, *, cover: Cover, actor: User, now: datetime) -> None:
    """Change the picture of ``holder``, cover loaded. Raises ``Invalid`` without a description, ``FileRefused``."""
    stays = cover.upload is not None or (holder.cover is not None and not cover.remove)
    if stays and not cover.alt.strip():
        raise Invalid(
            "Décrivez l’image.",
            errors={"/alt": _("Dites ce que montre l’image, pour ceux qui ne la voient pas.")},
        )
    former = holder.cover
    if cover.upload is not None:
        holder.cover = _picture(cover.upload, actor=actor, now=now)
    elif cover.remove:
        holder.cover = None
    holder.cover_alt, holder.cover_credit = (cover.alt.strip(), cover.credit.strip()) if stays else ("", "")
    let_go(former, but=holder.cover)


def let_go(former: StoredFile | None, *, but: StoredFile | None) -> None:
    """Delete the file that stood there before, unless it still does."""
    db.session.flush()
    if former is not None and former is not but:
        files.delete(former)


def _picture(upload: Upload, *, actor: User, now: datetime) -> StoredFile:
    stored = files.store(upload.data, name=upload.name, by_id=actor.id, now=now)
    if not stored.content_type.startswith("image/"):
        raise Invalid("Une image est attendue.", errors={"/cover": _("Choisissez une image : PNG, JPEG ou WebP.")})
    return stored


def _facts(article: Article) -> dict[str, object]:
    return {
        "cover": article.cover.name if article.cover else None,
        "cover_alt": article.cover_alt,
        "cover_credit": article.cover_credit,
    }
