"""Lists of the newsroom: articles, issues, comments (``core/listing.py``)."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import defer, joinedload, selectinload

from eventsapp.core import french
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Dates, Kind, Listing, State
from eventsapp.magazine.models import Article, Comment, CommentReport, Issue, Section
from eventsapp.magazine.queries._articles import as_listed
from eventsapp.magazine.queries.stages import at_stage
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, CommentStatus, IssueStatus, Stage

STAGE_WORDS: dict[str, str] = {
    Stage.DRAFT: _l("Brouillon"),
    Stage.CHANGES: _l("À reprendre"),
    Stage.IN_REVIEW: _l("En relecture"),
    Stage.APPROVED: _l("Approuvé"),
    Stage.WITH_ISSUE: _l("Avec le numéro"),
    Stage.SCHEDULED: _l("Programmé"),
    Stage.PUBLISHED: _l("Publié"),
    Stage.WITHDRAWN: _l("Retiré"),
}
STAGE_TONES: dict[str, str] = {
    Stage.CHANGES: "bad",
    Stage.IN_REVIEW: "wait",
    Stage.APPROVED: "told",
    Stage.WITH_ISSUE: "told",
    Stage.SCHEDULED: "told",
    Stage.PUBLISHED: "good",
    Stage.WITHDRAWN: "bad",
}
#: The tab of the list that holds each stage, and what it is called.
STAGE_TABS: dict[Stage, tuple[str, str]] = {
    Stage.DRAFT: ("brouillons", _l("Brouillons")),
    Stage.CHANGES: ("a-reprendre", _l("À reprendre")),
    Stage.IN_REVIEW: ("en-relecture", _l("En relecture")),
    Stage.APPROVED: ("approuves", _l("Approuvés")),
    Stage.WITH_ISSUE: ("avec-le-numero", _l("Avec le numéro")),
    Stage.SCHEDULED: ("programmes", _l("Programmés")),
    Stage.PUBLISHED: ("publies", _l("Publiés")),
    Stage.WITHDRAWN: ("retires", _l("Retirés")),
}
KIND_WORDS: dict[str, str] = {
    ArticleKind.ARTICLE: _l("Article"),
    ArticleKind.REPORT: _l("Compte rendu"),
    ArticleKind.INTERVIEW: _l("Entretien"),
}
ACCESS_WORDS: dict[str, str] = {
    Access.PUBLIC: _l("Tous les lecteurs"),
    Access.SUBSCRIBERS: _l("Abonnés"),
}
COMMENT_WORDS: dict[str, str] = {
    CommentStatus.PENDING: _l("À relire"),
    CommentStatus.PUBLISHED: _l("Publié"),
    CommentStatus.REJECTED: _l("Refusé"),
}
#: What the history of an article says for each of its actions.
ACTION_WORDS: dict[str, str] = {
    "articles.create": _l("Brouillon ouvert"),
    "articles.edit": _l("Texte enregistré"),
    "articles.submit": _l("Soumis à relecture"),
    "articles.reopen": _l("Remis en brouillon"),
    "articles.schedule": _l("Parution programmée"),
    "articles.publish": _l("Publié"),
    "articles.withdraw": _l("Retiré"),
    "articles.open": _l("Ouvert à tous les lecteurs"),
    "articles.approve": _l("Approuvé"),
    "articles.request_changes": _l("Changements demandés"),
    "articles.with_issue": _l("Paraîtra avec son numéro"),
    "articles.correct": _l("Rectificatif publié"),
    "articles.picture": _l("Image changée"),
    "articles.place": _l("Déplacé dans son numéro"),
}
ISSUE_WORDS: dict[str, str] = {
    IssueStatus.PREPARING: _l("En préparation"),
    IssueStatus.SCHEDULED: _l("Programmé"),
    IssueStatus.PUBLISHED: _l("Paru"),
}
ISSUE_TONES: dict[str, str] = {
    IssueStatus.PREPARING: "wait",
    IssueStatus.SCHEDULED: "told",
    IssueStatus.PUBLISHED: "good",
}
#: What the history of an issue says for each of its actions.
ISSUE_ACTION_WORDS: dict[str, str] = {
    "issues.create": _l("Numéro créé"),
    "issues.edit": _l("Numéro modifié"),
    "issues.schedule": _l("Parution programmée"),
    "issues.reopen": _l("Parution déprogrammée"),
    "issues.publish": _l("Numéro paru"),
    "issues.lengths": _l("Longueurs notées"),
}


def article_list() -> Listing:
    """Return the articles and reports, the last saved first."""
    return Listing(
        name="articles",
        title=_l("Articles et comptes rendus"),
        statement=sa.select(Article),
        loads=(*as_listed(), joinedload(Article.section)),
        states=(
            State("tous", _l("Tous")),
            *(State(key, label, where=at_stage(stage)) for stage, (key, label) in STAGE_TABS.items()),
        ),
        search=(Article.title, Article.lead, Article.byline),
        search_hint=_l("Titre, chapô, signature…"),
        filters=(
            Choice(
                name="rubrique",
                label=_l("Rubrique"),
                options=_section_names,
                where=lambda slug: (
                    Article.section_id == sa.select(Section.id).where(Section.slug == slug).scalar_subquery()
                ),
            ),
            Choice(name="nature", label=_l("Nature"), options=KIND_WORDS, where=lambda kind: Article.kind == kind),
            Choice(
                name="acces", label=_l("Accès"), options=ACCESS_WORDS, where=lambda access: Article.access == access
            ),
            Dates(name="parution", label=_l("Parution"), column=Article.published_at),
        ),
        columns=(
            Column(
                "titre",
                _l("Titre"),
                lambda article: french.typeset(article.title),
                opens=True,
                sort=Article.title,
                second=_where_it_stands,
                second_label=_l("Rubrique et numéro"),
            ),
            Column("nature", _l("Nature"), lambda article: KIND_WORDS[article.kind], on_phone=False),
            Column(
                "journee",
                _l("Journée"),
                lambda article: article.study_day.city.name if article.study_day else None,
                second=lambda article: article.study_day.held_on.isoformat() if article.study_day else None,
                second_label=_l("Date de la journée"),
                only_in_file=True,
            ),
            Column(
                "acces", _l("Accès"), lambda article: ACCESS_WORDS[article.access], sort=Article.access, on_phone=False
            ),
            Column(
                "etat",
                _l("État"),
                lambda article: STAGE_WORDS[article.stage],
                kind=Kind.STATE,
                tone=lambda article: STAGE_TONES.get(article.stage),
            ),
            Column(
                "parution",
                _l("Parution"),
                lambda article: article.published_at or article.publish_at,
                kind=Kind.MOMENT,
                sort=sa.func.coalesce(Article.published_at, Article.publish_at),
                on_phone=False,
            ),
            Column(
                "enregistre",
                _l("Enregistré"),
                lambda article: article.updated_at,
                kind=Kind.MOMENT,
                sort=Article.updated_at,
                on_phone=False,
            ),
        ),
        order=(Article.updated_at.desc(), Article.id.desc()),
        empty=_l("Les articles et les comptes rendus paraîtront ici dès le premier brouillon."),
    )


def issue_list() -> Listing:
    """Return the numbers of the magazine, each with how many articles it has and how many of them are published."""
    articles = sa.select(sa.func.count()).where(Article.issue_id == Issue.id).correlate(Issue)
    published = articles.where(Article.status == ArticleStatus.PUBLISHED)
    return Listing(
        name="numeros",
        title=_l("Numéros"),
        statement=sa.select(
            Issue, articles.scalar_subquery().label("articles"), published.scalar_subquery().label("published")
        ),
        loads=(defer(Issue.editorial, raiseload=True),),
        search=(Issue.title, sa.cast(Issue.number, sa.String())),
        search_hint=_l("Numéro ou titre"),
        filters=(Dates(name="parution", label=_l("Parution"), column=Issue.published_on),),
        columns=(
            Column(
                "numero",
                _l("Numéro"),
                lambda row: _("N° %(number)s", number=row[0].number),
                opens=True,
                sort=Issue.number,
                second=lambda row: row[0].title,
                second_label=_l("Titre"),
            ),
            Column(
                "etat",
                _l("État"),
                lambda row: ISSUE_WORDS[row[0].status],
                kind=Kind.STATE,
                tone=lambda row: ISSUE_TONES.get(row[0].status),
            ),
            Column("date", _l("Date"), lambda row: row[0].published_on, kind=Kind.DATE, sort=Issue.published_on),
            Column("articles", _l("Articles"), lambda row: row[1], kind=Kind.NUMBER, on_phone=False),
            Column("publies", _l("Publiés"), lambda row: row[2], kind=Kind.NUMBER),
        ),
        order=(Issue.number.desc(),),
        empty=_l("Les numéros du magazine paraîtront ici ; un numéro se montre aux lecteurs dès son premier article."),
    )


def comment_list() -> Listing:
    """Return the comments: first those that wait, the oldest first, as they are answered in that order."""
    reported = sa.exists().where(CommentReport.comment_id == Comment.id, CommentReport.handled_at.is_(None))
    waiting = (Comment.created_at.asc(), Comment.id.asc())
    return Listing(
        name="commentaires",
        title=_l("Commentaires"),
        statement=sa.select(Comment),
        loads=(
            joinedload(Comment.article).load_only(Article.slug, Article.title, Article.status, raiseload=True),
            selectinload(Comment.reports),
        ),
        states=(
            State("a-relire", _l("À relire"), where=Comment.status == CommentStatus.PENDING, order=waiting),
            State("signales", _l("Signalés"), where=reported, order=waiting),
            State("publies", _l("Publiés"), where=Comment.status == CommentStatus.PUBLISHED),
            State("refuses", _l("Refusés"), where=Comment.status == CommentStatus.REJECTED),
        ),
        search=(Comment.author_name, Comment.author_email, Comment.body),
        domains=(Comment.author_email,),
        search_hint=_l("Nom, adresse, texte"),
        filters=(Dates(name="recu", label=_l("Reçu"), column=Comment.created_at),),
        columns=(
            Column(
                "auteur",
                _l("Auteur"),
                lambda comment: comment.author_name,
                sort=Comment.author_name,
                second=lambda comment: comment.author_email,
                second_label=_l("Adresse"),
            ),
            Column("article", _l("Article"), lambda comment: comment.article.title),
            Column("texte", _l("Commentaire"), lambda comment: comment.body),
            Column("etat", _l("État"), lambda comment: COMMENT_WORDS[comment.status], kind=Kind.STATE),
            Column("motif", _l("Motif"), lambda comment: comment.reason),
            Column("recu", _l("Reçu"), lambda comment: comment.created_at, kind=Kind.MOMENT, sort=Comment.created_at),
        ),
        order=(Comment.created_at.desc(), Comment.id.desc()),
        empty=_l("Les commentaires des lecteurs attendent ici d’être relus."),
        page_size=20,
    )


def _section_names() -> Mapping[str, str]:
    rows = db.session.execute(sa.select(Section.slug, Section.name).order_by(Section.position, Section.id))
    return dict(rows.all())


def _where_it_stands(article: Article) -> str:
    """Return section, issue and day of an article in one line."""
    facts = [
        article.section.name if article.section else "",
        _("n° %(number)s", number=article.issue.number) if article.issue else "",
        article.study_day.city.name if article.study_day else "",
    ]
    return " · ".join(fact for fact in facts if fact)
