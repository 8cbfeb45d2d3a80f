"""Forms of readers: a comment, a report about one, a page sent to a friend."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, ValidationError

from eventsapp.core.fields import email_field, long_text_field, text_field, without_links
from eventsapp.core.human import HumanForm
from eventsapp.magazine.values import NewComment, Sharing

NAME_LENGTH = 80
COMMENT_LENGTH = 3000
REASON_LENGTH = 500
MESSAGE_LENGTH = 300


def _no_address(_form: Form, field: Field) -> None:
    """Refuse an address where a name is asked for: the name appears in public."""
    if _has_address(field.data or ""):
        raise ValidationError(_l("Indiquez un nom, et non une adresse : il paraîtra en public."))


def _has_address(name: str) -> bool:
    return "@" in unicodedata.normalize("NFKC", name)


class CommentForm(HumanForm):
    """What a reader thinks of an article."""

    author_name = text_field(
        _l("Votre nom"),
        most=NAME_LENGTH,
        required=_l("Indiquez le nom sous lequel le commentaire paraîtra."),
        description=_l("Il paraîtra au-dessus du commentaire."),
    )
    body = long_text_field(_l("Votre commentaire"), most=COMMENT_LENGTH, required=_l("Écrivez votre commentaire."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.author_name.validators = [*self.author_name.validators, _no_address]

    def propose(self, name: str) -> None:
        """Propose the name that is known, unless it is an address; what was sent stays, empty where it was emptied."""
        if not self.is_submitted() and not _has_address(name):
            self.author_name.data = name

    def comment(self, *, email: str) -> NewComment:
        """Return the comment as that of ``email``, which is known and not asked."""
        return NewComment(author_name=self.author_name.data, author_email=email, body=self.body.data)


class EditCommentForm(FlaskForm):
    """The words of one's own comment, to be mended."""

    body = long_text_field(_l("Votre commentaire"), most=COMMENT_LENGTH, required=_l("Écrivez votre commentaire."))


class ReportForm(HumanForm):
    """Why a comment should not stand."""

    reason = long_text_field(
        _l("Ce qui ne va pas"),
        most=REASON_LENGTH,
        required=_l("Dites ce qui ne va pas dans ce commentaire."),
        description=_l("Propos injurieux, atteinte à une personne, publicité, erreur manifeste…"),
    )
    email = email_field(_l("Votre courriel"), description=_l("Si vous souhaitez une réponse."))


class SharingForm(HumanForm):
    """Who sends the page to whom."""

    sender_name = text_field(_l("Votre nom"), most=NAME_LENGTH, required=_l("Indiquez votre nom."))
    sender_email = email_field(
        _l("Votre courriel"),
        required=_l("Indiquez votre courriel."),
        description=_l("Pour que la réponse vous parvienne."),
    )
    recipient = email_field(
        _l("Le courriel de votre ami"),
        required=_l("Indiquez le courriel de votre ami."),
        description=_l("Une seule adresse ; elle ne sert qu’à cet envoi."),
    )
    message = long_text_field(
        _l("Quelques mots"), most=MESSAGE_LENGTH, description=_l("300 caractères au plus, sans lien.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in (self.sender_name, self.message):
            field.validators = [*field.validators, without_links]

    def sharing(self) -> Sharing:
        return Sharing(
            sender_name=self.sender_name.data,
            sender_email=self.sender_email.data,
            recipient=self.recipient.data,
            message=self.message.data or "",
        )
