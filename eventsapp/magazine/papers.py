"""The PDF of an article."""

from collections.abc import Sequence

from flask_babel import gettext as _

from eventsapp.core import french, i18n, links, settings
from eventsapp.files import pictures, storage
from eventsapp.files.errors import FileRefused
from eventsapp.magazine import queries
from eventsapp.magazine.models import Article, Correction
from eventsapp.papers import markdown_blocks, pdf
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention

#: What stands in a file's name between its parts.
_BETWEEN = " - "
#: Longest name of a file, in characters, without its ending.
_NAME_LENGTH = 120
#: Pictures are printed a column wide; their bytes go to the press as numbers, about four letters each.
_PICTURE_WIDTH = 1000
_PICTURE_BYTES = 1_000_000
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', " "))


def article_pdf(
    article: Article,
    *,
    voices: Sequence[tuple[Speaker, Intervention | None]],
    reading: Sequence[Article],
    reader: str = "",
) -> bytes:
    """Return the article as PDF; ``reader`` names whose copy it is, when it is not everybody's.

    Loaded: section, issue, study day with its city, sessions, corrections; ``voices`` and ``reading`` as the queries
    give them.
    Whether somebody may have it is asked before. Raises ``papers.pdf.PaperFailed``.
    """
    url = links.absolute("magazine.article", slug=article.slug)
    data: dict[str, object] = {
        "site_name": settings.current().site_name,
        "issue_label": _("N° %(number)s", number=article.issue.number) if article.issue else "",
        "section": article.section.name if article.section else "",
        "title": french.typeset(article.title),
        "subtitle": french.typeset(article.subtitle),
        "lead": french.typeset(article.lead),
        "byline": article.byline,
        "published": i18n.date_long(article.dated_at) if article.dated_at else "",
        "url": url,
        "corrections": [_correction(each) for each in article.corrections],
        "sessions": _about(article, voices),
        "blocks": _with_pictures(markdown_blocks.from_text(article.body, base_url=url)),
        "related": [{"title": french.typeset(other.title), "label": _label(other)} for other in reading],
        "reader": reader,
    }
    return pdf.render(
        "magazine/article",
        data,
        title=article.title,
        language=i18n.locale_code(),
        dated=article.updated_at,
    )


def file_name(article: Article) -> str:
    """Return the name under which readers keep it: « La Lettre du cadre territorial - n° 376 - Angers.pdf »."""
    number = f"n° {article.issue.number}" if article.issue else ""
    parts = [part for part in (settings.current().site_name, number, article.title) if part]
    name = " ".join(_BETWEEN.join(parts).translate(_NOT_IN_NAMES).split())
    return f"{name[:_NAME_LENGTH].rstrip(' .')}.pdf"


def _with_pictures(blocks: list[markdown_blocks.Block]) -> list[markdown_blocks.Block]:
    """Put the bytes of pictures where they stand, as far as one paper carries them.

    A lost one leaves nothing, nor does one that the page would not show either, as a portrait without consent.
    """
    left = _PICTURE_BYTES
    found = list(markdown_blocks.pictures(blocks))
    shown = queries.shown_keys([str(block["key"]) for block in found]) if found else frozenset()
    for block in found:
        if block["key"] not in shown:
            continue
        try:
            data = pictures.printed(storage.path_of(str(block["key"])).read_bytes(), width=_PICTURE_WIDTH)
        except (OSError, FileRefused):
            continue
        if len(data) <= left:
            left -= len(data)
            block["data"] = list(data)
    return blocks


def _correction(correction: Correction) -> dict[str, str]:
    title = _("Rectificatif du %(date)s", date=i18n.date_long(correction.at))
    return {"title": str(title), "note": french.typeset(correction.note)}


def _about(article: Article, voices: Sequence[tuple[Speaker, Intervention | None]]) -> list[dict[str, object]]:
    """Return the sessions the article is about; who is quoted without having spoken at one stands under the last."""
    day = article.study_day
    if day is None:
        return []
    when = f"{day.city.name}, {i18n.date_long(day.date)}"
    by_session: dict[int, list[str]] = {session.id: [] for session in article.sessions}
    others: list[str] = []
    for speaker, said in voices:
        line = ", ".join(part for part in (speaker.name, said.affiliation if said else "") if part)
        by_session.get(said.session_id if said else 0, others).append(line)
    entries: list[dict[str, object]] = [
        {"day": when, "title": french.typeset(session.title), "speakers": by_session[session.id]}
        for session in article.sessions
    ]
    if others or not entries:
        entries.append({"day": when, "title": french.typeset(day.title), "speakers": others})
    return entries


def _label(article: Article) -> str:
    section = article.section.name if article.section else ""
    issue = _("n° %(number)s", number=article.issue.number) if article.issue else ""
    return ", ".join(part for part in (section, issue) if part)
