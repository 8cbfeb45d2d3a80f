"""The editor's page: one form for a new article, a report and an existing article."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from eventsapp.audit import queries as audit
from eventsapp.core import markdown
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import lists, newsroom
from eventsapp.magazine.statuses import NEXT, ArticleStatus
from eventsapp.magazine.values import ArticleContent
from eventsapp.magazine.web.office.forms import ArticleForm
from eventsapp.study_days.models import StudyDay


@dataclass(frozen=True, slots=True)
class Tick:
    """A box: its value, what it stands for, a second line, whether it is ticked."""

    value: int
    label: str
    note: str
    ticked: bool


class Editor:
    """A form under way, and what surrounds it."""

    def __init__(self, article: Article | None = None, *, start: ArticleContent | None = None) -> None:
        self.article = article
        self.form = ArticleForm(_with_one_moved_up(request.form))
        self.form.offer(newsroom.choices())
        if request.method == "GET" and start is not None:
            self.form.fill(start, version=article.version if article else 0)
        self.day: StudyDay | None = newsroom.day(self.form.study_day.data) if self.form.study_day.data else None

    @property
    def wants_more(self) -> bool:
        """Whether the button pressed was one that shows something and saves nothing."""
        return "more" in request.form

    def content(self) -> ArticleContent:
        return self.form.content(sessions_of_day=[session.id for session in self.day.talks] if self.day else [])

    def page(
        self, *, heading: str, above: Sequence[tuple[str, str]], status: int = 200, **context: Any
    ) -> ResponseReturnValue:
        """Answer with the editor; what is typed stays."""
        article = self.article
        page = render_template(
            "magazine/office/editor.html",
            editor=self,
            form=self.form,
            article=article,
            heading=heading,
            above=above,
            next_statuses=NEXT[article.status] if article else frozenset(),
            status_words=lists.ARTICLE_WORDS,
            statuses=ArticleStatus,
            action_words=lists.ACTION_WORDS,
            history=audit.history_of("article", article.id, most=30) if article else [],
            preview=markdown.to_html(self.form.body.data or ""),
            **context,
        )
        return page, status

    def sessions(self) -> list[Tick]:
        """The talks of the chosen day."""
        chosen = set(self.form.sessions.data or ())
        return [
            Tick(
                session.id,
                session.title,
                ", ".join(said.speaker.name for said in session.interventions),
                session.id in chosen,
            )
            for session in (self.day.talks if self.day else ())
        ]

    def speakers(self) -> list[Tick]:
        """Who spoke at the chosen day, whoever else is chosen, and whom the search found."""
        chosen = list(self.form.speakers.data or ())
        ticks: dict[int, Tick] = {}
        for session in self.day.talks if self.day else ():
            for said in session.interventions:
                ticks.setdefault(
                    said.speaker_id,
                    Tick(said.speaker_id, said.speaker.name, said.affiliation, said.speaker_id in chosen),
                )
        others = [key for key in chosen if key not in ticks]
        for speaker in newsroom.speakers(others) if others else ():
            ticks[speaker.id] = Tick(speaker.id, speaker.name, "", ticked=True)
        words = self.form.speaker_words.data
        for speaker in newsroom.speakers_called(words) if words and self.wants_more else ():
            ticks.setdefault(speaker.id, Tick(speaker.id, speaker.name, _("trouvé"), ticked=False))
        return list(ticks.values())

    def related(self) -> list[Tick]:
        """What is chosen for « À lire », in its order, and what the search found."""
        chosen = list(self.form.related.data or ())
        ticks = {
            article.id: Tick(article.id, article.title, _about(article), ticked=True)
            for article in (newsroom.articles(chosen) if chosen else ())
        }
        words = self.form.related_words.data
        but = self.article.id if self.article else None
        for article in newsroom.articles_called(words, but=but) if words and self.wants_more else ():
            ticks.setdefault(article.id, Tick(article.id, article.title, _about(article), ticked=False))
        return list(ticks.values())


def _about(article: Article) -> str:
    issue = _("n° %(number)s", number=article.issue.number) if article.issue else ""
    return " · ".join(part for part in (issue, str(lists.ARTICLE_WORDS[article.status])) if part)


def _with_one_moved_up(typed: MultiDict[str, str]) -> MultiDict[str, str] | None:
    """Return the form with the article of « À lire » moved up whose button was pressed; ``None`` for no form."""
    if not typed:
        return None
    order = typed.getlist("related")
    key = typed.get("more", "").removeprefix("up:")
    if key in order[1:]:
        place = order.index(key)
        order[place - 1 : place + 1] = [key, order[place - 1]]
    moved = MultiDict(typed)
    moved.setlist("related", order)
    return moved
