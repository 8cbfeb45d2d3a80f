"""The newsletter in the office: the draft of the week edited, tried, planned, taken back, followed; its readers."""

from collections.abc import Sequence

from flask import Blueprint, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock, settings
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.core.i18n import DEFAULT_LOCALE
from eventsapp.core.links import absolute
from eventsapp.core.security_headers import in_a_frame
from eventsapp.mail.rules import UNDO
from eventsapp.newsletter import mails, queries, rules, service
from eventsapp.newsletter.models import Letter, LetterItem, LetterRecipient
from eventsapp.newsletter.statuses import ON_ITS_WAY, LetterStatus
from eventsapp.newsletter.values import Choice, Contents, Told
from eventsapp.newsletter.web.forms import LetterForm, SendForm
from eventsapp.office import lists, refusals

blueprint = Blueprint("newsletter_office", __name__, url_prefix="/organisation/lettre")


@blueprint.get("/")
@requires(Permission.NEWSLETTER_EDIT)
def letters() -> ResponseReturnValue:
    """List the letters, the latest week first."""
    return lists.answer(
        queries.letter_list(),
        template="newsletter/office/letters.html",
        row_url=lambda row: url_for(".letter", letter_id=row.id),
    )


@blueprint.post("/preparer/")
@requires(Permission.NEWSLETTER_EDIT)
def prepare() -> ResponseReturnValue:
    """Make this week's draft at once, take up the one that was dropped, or open the letter that is there."""
    now = clock.now()
    made = service.draft_week(now=now, actor=current_user)
    if made is not None:
        return redirect(url_for(".letter", letter_id=made.id), 303)
    there = queries.letter_of_week(rules.week_of(clock.local_date(now)))
    if there is None:
        flash(_("Rien n’est paru depuis la dernière lettre, et aucune journée ne vient."), "info")
        return redirect(url_for(".letters"), 303)
    flash(_("La lettre de cette semaine existe déjà : la voici."), "info")
    return redirect(url_for(".letter", letter_id=there.id), 303)


@blueprint.get("/lecteurs/")
@requires(Permission.NEWSLETTER_EDIT)
def readers() -> ResponseReturnValue:
    """List who asked for the letter."""
    return lists.answer(
        queries.reader_list(),
        template="newsletter/office/readers.html",
        row_url=lambda row: url_for(".reader", reader_id=row.id),
    )


@blueprint.get("/lecteurs/<int:reader_id>/")
@requires(Permission.NEWSLETTER_EDIT)
def reader(reader_id: int) -> ResponseReturnValue:
    """Show what somebody agreed to and when; nobody else changes it."""
    found = queries.reader_by_id(reader_id) or abort(404)
    return render_template(
        "newsletter/office/reader.html",
        reader=found,
        word=queries.READER_WORDS[found.status],
        consents=queries.consents_of(reader_id),
    )


@blueprint.get("/<int:letter_id>/")
@requires(Permission.NEWSLETTER_EDIT)
def letter(letter_id: int) -> ResponseReturnValue:
    """Show a draft as it will be read, or how far a letter is and what became of each of its mails."""
    found = _found(letter_id)
    if found.status in {LetterStatus.DRAFT, LetterStatus.DROPPED}:
        return _draft_page(found)
    now = clock.now()
    return lists.answer(
        queries.recipient_list(letter_id),
        template="newsletter/office/followed.html",
        row_url=_mail_url,
        letter=found,
        text=_text(_words(found, Choice())),
        progress=queries.progress_of(letter_id),
        undoable=found.status is LetterStatus.PLANNED and found.starts_at is not None and now < found.starts_at,
        expected=service.counted(letter_id, now=now).readers if found.status is LetterStatus.PLANNED else 0,
        soon=found.starts_at is not None and found.starts_at <= now + 2 * UNDO,
        leaves=settings.current().mail_server is not None,
    )


@blueprint.route("/<int:letter_id>/modifier/", methods=["GET", "POST"])
@requires(Permission.NEWSLETTER_EDIT)
def edit(letter_id: int) -> ResponseReturnValue:
    """Change a draft: its words, what stands in it, in which order."""
    found = _found(letter_id)
    if found.status is not LetterStatus.DRAFT:
        return redirect(url_for(".letter", letter_id=letter_id), 303)
    items = queries.items_of(letter_id)
    form = LetterForm(data=LetterForm.of(found, items))
    if not form.validate_on_submit():
        return _form_page(found, form, items), 422 if form.errors else 200
    try:
        service.edit(letter_id, form.wanted(), version=form.read_version, actor=current_user, now=clock.now())
    except Conflict as refusal:
        refusals.show_conflict(form, kind="letter", key=found.id, version=found.version)
        return _form_page(found, form, items), refusal.status
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _form_page(found, form, items), refusal.status
    flash(_("Le brouillon est gardé."), "success")
    return redirect(url_for(".letter", letter_id=letter_id), 303)


@blueprint.post("/<int:letter_id>/actualiser/")
@requires(Permission.NEWSLETTER_EDIT)
def add_news(letter_id: int) -> ResponseReturnValue:
    """Add what appeared since the draft was made."""
    _found(letter_id)
    try:
        added = service.add_news(letter_id, actor=current_user, now=clock.now())
        flash(ngettext("%(num)d nouveauté ajoutée.", "%(num)d nouveautés ajoutées.", added), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".letter", letter_id=letter_id), 303)


@blueprint.get("/<int:letter_id>/apercu/")
@requires(Permission.NEWSLETTER_EDIT)
def preview(letter_id: int) -> ResponseReturnValue:
    """Answer with the letter alone as somebody with a choice of themes reads it, for the frame that shows it."""
    found = _found(letter_id)
    words = _words(found, _chosen(request.args.get("theme", "")))
    page = render_template("newsletter/mails/letter/body.html", subject=found.subject, **words)
    return in_a_frame(make_response(page))


@blueprint.post("/<int:letter_id>/essai/")
@requires(Permission.NEWSLETTER_EDIT)
def try_out(letter_id: int) -> ResponseReturnValue:
    """Send the letter to whoever asks."""
    found = _found(letter_id)
    theme = request.form.get("theme", "")
    try:
        service.send_test(found, _chosen(theme), actor=current_user, now=clock.now())
        flash(_("L’essai part à %(address)s.", address=current_user.email), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".letter", letter_id=letter_id, theme=theme or None), 303)


@blueprint.route("/<int:letter_id>/envoyer/", methods=["GET", "POST"])
@requires(Permission.NEWSLETTER_EDIT)
def send(letter_id: int) -> ResponseReturnValue:
    """Ask once more, with the number of readers; let the letter leave in a minute or at an hour."""
    found = _found(letter_id)
    if found.status is not LetterStatus.DRAFT:
        return redirect(url_for(".letter", letter_id=letter_id), 303)
    form = SendForm()
    if not form.validate_on_submit():
        return _send_page(found, form), 422 if form.errors else 200
    try:
        service.plan(
            letter_id,
            expected=form.expected_count,
            version=form.read_version,
            leaves_at=form.moment(),
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _send_page(found, form), refusal.status
    return redirect(url_for(".letter", letter_id=letter_id), 303)


@blueprint.post("/<int:letter_id>/annuler/")
@requires(Permission.NEWSLETTER_EDIT)
def undo(letter_id: int) -> ResponseReturnValue:
    """Take a letter back that has not left."""
    _found(letter_id)
    try:
        service.undo(letter_id, actor=current_user, now=clock.now())
        flash(_("L’envoi est annulé : la lettre est de nouveau un brouillon."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".letter", letter_id=letter_id), 303)


@blueprint.post("/<int:letter_id>/abandonner/")
@requires(Permission.NEWSLETTER_EDIT)
def drop(letter_id: int) -> ResponseReturnValue:
    """Send no letter that week."""
    _found(letter_id)
    try:
        service.drop(letter_id, actor=current_user, now=clock.now())
        flash(_("Pas de lettre cette semaine-là ; la suivante dira aussi ce que celle-ci aurait dit."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".letter", letter_id=letter_id), 303)
    return redirect(url_for(".letters"), 303)


def _found(letter_id: int) -> Letter:
    return queries.letter(letter_id) or abort(404)


def _chosen(theme: str) -> Choice:
    """Return the choice of the reader whom the address imagines: everything, or one theme."""
    if theme.isascii() and theme.isdecimal() and len(theme) < 10:
        return Choice(all_themes=False, themes=frozenset({int(theme)}))
    return Choice()


def _words(found: Letter, choice: Choice) -> dict[str, object]:
    """Return what the letter says to that choice: of one that is to leave or left, as it does at its hour."""
    at = found.starts_at if found.status in ON_ITS_WAY else None
    told = queries.told(queries.items_of(found.id), now=at or clock.now(), locale=DEFAULT_LOCALE)
    return _in_words(found, told, choice)


def _in_words(found: Letter, told: Sequence[Told], choice: Choice) -> dict[str, object]:
    nowhere = absolute("newsletter.sign_up", locale=DEFAULT_LOCALE)
    return mails.in_words(found, Contents.of(told, choice), own_url=nowhere, leave_url=nowhere)


def _text(words: dict[str, object]) -> str:
    """Return the letter without markup; what every page of the office asks the database for is not asked twice."""
    return current_app.jinja_env.get_template("newsletter/mails/letter/body.txt").render(words)


def _draft_page(found: Letter) -> str:
    counted = service.counted(found.id, now=clock.now())
    theme = request.args.get("theme", "")
    words = _in_words(found, counted.told, _chosen(theme))
    return render_template(
        "newsletter/office/draft.html",
        letter=found,
        counted=counted,
        theme=theme,
        themes=queries.themes(),
        text=_text(words),
    )


def _form_page(found: Letter, form: LetterForm, items: Sequence[LetterItem]) -> str:
    return render_template(
        "newsletter/office/form.html", letter=found, form=form, items={str(item.id): item for item in items}
    )


def _send_page(found: Letter, form: SendForm) -> str:
    counted = service.counted(found.id, now=clock.now())
    form.expected.data, form.version.data = str(counted.readers), str(found.version)
    return render_template("newsletter/office/send.html", letter=found, form=form, counted=counted)


def _mail_url(row: LetterRecipient) -> str | None:
    return url_for("mail_office.mail", mail_id=row.mail_id) if row.mail_id and may(Permission.MAIL_VIEW) else None
