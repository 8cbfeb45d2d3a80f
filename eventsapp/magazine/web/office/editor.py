"""The editor's page: one form for a new article, a report and an existing article."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import MultiDict

from eventsapp.accounts.access import Permission, may
from eventsapp.audit import queries as audit
from eventsapp.core import clock, markdown, outline
from eventsapp.magazine import rules
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import lists, newsroom, revisions
from eventsapp.magazine.statuses import NEXT, ArticleStatus, IssueStatus, Stage
from eventsapp.magazine.values import ArticleContent
from eventsapp.magazine.web.office import conflict
from eventsapp.magazine.web.office.forms import ArticleForm
from eventsapp.study_days.models import StudyDay


@dataclass(frozen=True, slots=True)
class Tick:
    """A box: its value, what it stands for, a second line, whether it is ticked."""

    value: int
    label: str
    note: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who may be quoted: what stands behind the mark of a quote, in Markdown, and in words."""

    name: str
    line: str
    label: str


class Editor:
    """A form under way, and what surrounds it."""

    def __init__(self, article: Article | None = None, *, start: ArticleContent | None = None) -> None:
        self.article = article
        typed = _with_one_moved_up(request.form)
        self.form = ArticleForm(conflict.decided(typed, article) if typed and article else typed)
        self.form.offer(newsroom.choices())
        if request.method == "GET" and start is not None:
            self.form.fill(start, version=article.version if article else 0)
        self.autosave = revisions.autosaved(article.id, current_user.id) if article else None
        #: Whether what was typed and not saved stands in the form.
        self.resumed = request.method == "GET" and self.autosave is not None and "reprendre" in request.args
        if self.resumed and self.autosave is not None:
            self.form.take(self.autosave)
        self.day: StudyDay | None = newsroom.day(self.form.study_day.data) if self.form.study_day.data else None

    @property
    def wants_more(self) -> bool:
        """Whether the button pressed was one that shows something and saves nothing."""
        return "more" in request.form

    @property
    def is_own(self) -> bool:
        """Whether whoever edits is the author, who needs a second reader."""
        return self.article is not None and rules.undoes_approval(
            author_id=self.article.author_id, actor_id=current_user.id
        )

    @property
    def offered(self) -> frozenset[str]:
        """The moves whose buttons are shown: those that the services would allow."""
        article = self.article
        if article is None:
            return frozenset()
        status, stage, after = article.status, article.stage, NEXT[article.status]
        publishes = may(Permission.ARTICLES_PUBLISH)
        shown = publishes and (article.approved_at is not None or not self.is_own or status is ArticleStatus.SCHEDULED)
        open_issue = article.issue is not None and article.issue.status is not IssueStatus.PUBLISHED
        moves = {
            "submit": ArticleStatus.IN_REVIEW in after,
            "reopen": ArticleStatus.DRAFT in after,
            "approve": publishes and stage is Stage.IN_REVIEW and not self.is_own,
            "request_changes": publishes and status is ArticleStatus.IN_REVIEW and not self.is_own,
            "appear_with_issue": shown
            and open_issue
            and (ArticleStatus.SCHEDULED in after or stage is Stage.SCHEDULED),
            "schedule": shown and (ArticleStatus.SCHEDULED in after or status is ArticleStatus.SCHEDULED),
            "publish": shown and ArticleStatus.PUBLISHED in after,
            "correct": publishes and status is ArticleStatus.PUBLISHED,
            "withdraw": publishes and ArticleStatus.WITHDRAWN in after,
        }
        return frozenset(name for name, is_offered in moves.items() if is_offered)

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
            offered=self.offered,
            stage_words=lists.STAGE_WORDS,
            stages=Stage,
            action_words=lists.ACTION_WORDS,
            history=audit.history_of("article", article.id, most=30) if article else [],
            others=revisions.at_work(article.id, but=current_user.id, now=clock.now()) if article else [],
            preview=markdown.to_html(self.form.body.data or ""),
            remarks=outline.remarks(self.form.body.data or ""),
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

    def voices(self) -> list[Voice]:
        """Who spoke at the chosen day, as they were that day; each once."""
        said = (said for session in (self.day.talks if self.day else ()) for said in session.interventions)
        voices: dict[int, Voice] = {}
        for each in said:
            name, role = each.speaker.name, markdown.words_alone(each.affiliation)
            linked = f"[{markdown.words_alone(name)}](/intervenants/{each.speaker.slug}/)"
            line, label = (f"{part}, {role}" if role else part for part in (linked, name))
            voices.setdefault(each.speaker_id, Voice(name, line, label))
        return list(voices.values())

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
    return " · ".join(part for part in (issue, str(lists.STAGE_WORDS[article.stage])) if part)


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
