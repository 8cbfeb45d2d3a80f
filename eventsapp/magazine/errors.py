"""What the magazine refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Conflict, Refusal


class IllegalTransition(Refusal):
    """The article cannot go from its status to the one asked for."""

    code = "illegal-transition"
    title = _l("Changement d’état impossible")


class NotReady(Refusal):
    """Something that readers need is missing."""

    code = "not-ready"
    title = _l("Article incomplet")
    status = 422


class OwnText(Refusal):
    """Nobody approves what they wrote, whatever they may do otherwise."""

    code = "own-text"
    title = _l("Un second regard est nécessaire")
    status = 403


class ApprovedText(Refusal):
    """The author would change what somebody else approved and what appears by itself."""

    code = "approved-text"
    title = _l("Texte approuvé")


class IssueChanged(Conflict):
    """Somebody else moved the issue meanwhile, or it has appeared."""

    code = "issue-changed"


class ArticleChanged(Conflict):
    """Somebody else saved the article since it was opened."""

    code = "article-changed"


class NothingToGive(Refusal):
    """Who wants to give the article does not subscribe, or everybody reads it anyway."""

    code = "nothing-to-give"
    title = _l("Cet article ne s’offre pas")
    status = 403


class NoGiftLeft(Refusal):
    """The subscriber has given as many articles this month as one may."""

    code = "no-gift-left"
    title = _l("Plus d’article à offrir ce mois-ci")


class CommentsClosed(Refusal):
    """The article takes no more comments."""

    code = "comments-closed"
    title = _l("Commentaires clos")


class CommentSettled(Refusal):
    """The comment can be mended no more: its time is over, or the moderators refused it."""

    code = "comment-settled"
    title = _l("Commentaire définitif")


class CommentBanned(Refusal):
    """Who writes may comment no more."""

    code = "comment-banned"
    title = _l("Commentaire refusé")
    status = 403


class InUse(Refusal):
    """Articles stand under the section, so it cannot go."""

    code = "in-use"
    title = _l("Suppression impossible")
