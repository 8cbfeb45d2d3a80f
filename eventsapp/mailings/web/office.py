"""Messages in the office: written, tried, confirmed, taken back, followed."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.batches import queries as batches
from eventsapp.batches.statuses import ItemOutcome
from eventsapp.core import clock, settings
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.core.security_headers import in_a_frame
from eventsapp.mail import queries as mails
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.mailings import mails as composing
from eventsapp.mailings import queries, rules, service
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.statuses import MailingStatus
from eventsapp.mailings.values import Addressee
from eventsapp.mailings.web.forms import MessageForm, NoteForm, SendForm, shown
from eventsapp.office import lists, refusals
from eventsapp.study_days import queries as study_days

blueprint = Blueprint("mailings_office", __name__, url_prefix="/organisation/messages")

#: First names shown of those who will be written to, and people to choose from for the preview.
_FIRST_NAMES, _TO_CHOOSE = 8, 50


@blueprint.get("/")
@requires(Permission.MAIL_VIEW)
def mailings() -> ResponseReturnValue:
    """List the messages, the latest first."""
    return lists.answer(
        queries.mailing_list(),
        template="mailings/office/mailings.html",
        row_url=lambda row: url_for(".mailing", mailing_id=row.id),
    )


@blueprint.route("/nouveau/", methods=["GET", "POST"])
@requires(Permission.MAILINGS_SEND)
def new() -> ResponseReturnValue:
    """Write a message; ``?journee=`` ticks a day, ``?selection=`` names registrations picked in their list."""
    form = MessageForm()
    if request.method == "GET":
        _pick(form, request.args.get("selection", ""))
    day = study_days.any_day(request.args.get("journee", "")) if request.method == "GET" else None
    if day is not None:
        form.days.data = [day.id]
    return _edit(None, form)


@blueprint.route("/<int:mailing_id>/modifier/", methods=["GET", "POST"])
@requires(Permission.MAILINGS_SEND)
def edit(mailing_id: int) -> ResponseReturnValue:
    """Change a draft."""
    found = _found(mailing_id)
    if found.status is not MailingStatus.DRAFT:
        return redirect(url_for(".mailing", mailing_id=mailing_id), 303)
    return _edit(found, MessageForm(data=shown(found)))


@blueprint.get("/<int:mailing_id>/")
@requires(Permission.MAIL_VIEW)
def mailing(mailing_id: int) -> ResponseReturnValue:
    """Show a draft with whom it is for, or how far a message is and what became of each of its mails."""
    found = _found(mailing_id)
    if found.status is MailingStatus.DRAFT:
        return _draft_page(found)
    now = clock.now()
    return lists.answer(
        queries.recipient_list(mailing_id),
        template="mailings/office/followed.html",
        row_url=_mail_url,
        mailing=found,
        word=queries.STATUS_WORDS[found.status],
        tone=queries.STATUS_TONES[found.status],
        progress=queries.progress_of(mailing_id),
        undoable=found.status is MailingStatus.PLANNED and found.starts_at is not None and now < found.starts_at,
        days=queries.days_of(found.audience.days),
        leaves=settings.current().mail_server is not None,
    )


@blueprint.get("/<int:mailing_id>/apercu/")
@requires(Permission.MAIL_VIEW)
def preview(mailing_id: int) -> ResponseReturnValue:
    """Answer with the message alone as somebody will read it, for the frame that shows it."""
    found = _found(mailing_id)
    people = queries.people(found.audience, now=clock.now())
    person = _chosen(people) or abort(404)
    response = make_response(
        render_template(
            "mailings/mails/message/body.html",
            subject=rules.filled(found.subject, person.facts),
            title=rules.filled(found.subject, person.facts),
            html=composing.body_html(found.body, person.facts),
            refuse_url="",
        )
    )
    return in_a_frame(response)


@blueprint.post("/<int:mailing_id>/essai/")
@requires(Permission.MAILINGS_SEND)
def try_out(mailing_id: int) -> ResponseReturnValue:
    """Send the message as somebody would read it to whoever asks."""
    found = _found(mailing_id)
    person = _chosen(queries.people(found.audience, now=clock.now()), request.form.get("pour", ""))
    if person is None:
        flash(_("Personne ne recevrait ce message : changez les destinataires."), "error")
    else:
        service.send_test(found, person, actor=current_user, now=clock.now())
        flash(_("L’essai part à %(address)s.", address=current_user.email), "success")
    return redirect(url_for(".mailing", mailing_id=mailing_id, pour=person.key if person else None), 303)


@blueprint.route("/<int:mailing_id>/envoyer/", methods=["GET", "POST"])
@requires(Permission.MAILINGS_SEND)
def send(mailing_id: int) -> ResponseReturnValue:
    """Ask once more, with the number of people; let the message leave in a minute."""
    found = _found(mailing_id)
    if found.status is not MailingStatus.DRAFT:
        return redirect(url_for(".mailing", mailing_id=mailing_id), 303)
    form = SendForm()
    if not form.validate_on_submit():
        return _send_page(found, form)
    try:
        service.plan(
            mailing_id,
            expected=form.expected_count,
            version=form.read_version,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return _send_page(found, form), refusal.status
    return redirect(url_for(".mailing", mailing_id=mailing_id), 303)


@blueprint.post("/<int:mailing_id>/annuler/")
@requires(Permission.MAILINGS_SEND)
def undo(mailing_id: int) -> ResponseReturnValue:
    """Take a message back that has not left."""
    _found(mailing_id)
    try:
        service.undo(mailing_id, actor=current_user, now=clock.now())
        flash(_("L’envoi est annulé : le message est de nouveau un brouillon."), "success")
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".mailing", mailing_id=mailing_id), 303)


@blueprint.post("/<int:mailing_id>/jeter/")
@requires(Permission.MAILINGS_SEND)
def delete(mailing_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    _found(mailing_id)
    try:
        service.delete(mailing_id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".mailing", mailing_id=mailing_id), 303)
    flash(_("Le brouillon est jeté."), "success")
    return redirect(url_for(".mailings"), 303)


@blueprint.get("/adresses-ecartees/")
@requires(Permission.MAIL_VIEW)
def suppressions() -> ResponseReturnValue:
    """List the addresses that are left out of messages to many."""
    return lists.answer(
        mails.suppression_list(),
        template="mailings/office/suppressions.html",
        row_url=lambda row: url_for(".suppression", suppression_id=row.id),
    )


@blueprint.get("/adresses-ecartees/<int:suppression_id>/")
@requires(Permission.MAIL_VIEW)
def suppression(suppression_id: int) -> ResponseReturnValue:
    """Show why an address is left out, and the way back where the office has one."""
    found = mails.suppression_by_id(suppression_id) or abort(404)
    return render_template(
        "mailings/office/suppression.html",
        row=found,
        word=mails.REASONS[found.reason],
        liftable=found.reason in service.LIFTED_BY_OFFICE,
    )


@blueprint.post("/adresses-ecartees/<int:suppression_id>/")
@requires(Permission.MAILINGS_SEND)
def lift(suppression_id: int) -> ResponseReturnValue:
    """Write again to an address whose server had refused it, or whose complaint was settled."""
    found = mails.suppression_by_id(suppression_id) or abort(404)
    if service.lift(found, actor=current_user, now=clock.now()):
        flash(_("Les messages partent de nouveau à cette adresse."), "success")
    else:
        flash(_("Cette personne l’a demandé : elle seule peut revenir dessus."), "error")
    return redirect(url_for(".suppressions"), 303)


@blueprint.route("/adresses-ecartees/noter/", methods=["GET", "POST"])
@requires(Permission.MAILINGS_SEND)
def note() -> ResponseReturnValue:
    """Note that somebody complained or that a mail came back: nothing that goes to many leaves for them any more."""
    form = NoteForm()
    if not form.validate_on_submit():
        return render_template("mailings/office/note.html", form=form), 422 if form.errors else 200
    service.note(
        form.address.data,
        SuppressionReason(form.reason.data),
        detail=form.detail.data or "",
        actor=current_user,
        now=clock.now(),
    )
    flash(_("C’est noté : plus aucun message à plusieurs ne part à cette adresse."), "success")
    return redirect(url_for(".suppressions"), 303)


def _found(mailing_id: int) -> Mailing:
    return queries.mailing(mailing_id) or abort(404)


def _pick(form: MessageForm, selection: str) -> None:
    """Let the form be for the registrations that somebody picked, if the address names some."""
    number = int(selection) if selection.isascii() and selection.isdecimal() and len(selection) < 10 else 0
    keys = batches.keys_of(number, outcome=ItemOutcome.DONE) if number else ()
    if keys:
        form.pick(keys, days=sorted({seat.study_day_id for seat in batches.chosen(keys)}))


def _edit(found: Mailing | None, form: MessageForm) -> ResponseReturnValue:
    chosen = found.audience.days if found else tuple(form.days.data or ())
    form.offer(queries.days_to_choose(chosen=chosen, now=clock.now()), study_days.rate_names())
    if not form.validate_on_submit():
        return _form_page(found, form), 422 if form.errors else 200
    try:
        if found is None:
            saved = service.create(form.draft(), actor=current_user, now=clock.now())
        else:
            saved = service.edit(found.id, form.draft(), version=form.read_version, actor=current_user, now=clock.now())
    except Conflict as refusal:
        assert found is not None  # noqa: S101 - a new draft has no other version
        refusals.show_conflict(form, kind="mailing", key=found.id, version=found.version)
        return _form_page(found, form), refusal.status
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _form_page(found, form), refusal.status
    flash(_("Le brouillon est gardé. Relisez-le avec un vrai destinataire, puis envoyez-le."), "success")
    return redirect(url_for(".mailing", mailing_id=saved.id), 303)


def _form_page(found: Mailing | None, form: MessageForm) -> str:
    return render_template("mailings/office/form.html", mailing=found, form=form, placeholders=rules.PLACEHOLDERS)


def _draft_page(found: Mailing) -> str:
    counted = service.audience_of(found.audience, now=clock.now())
    person = _chosen(counted.people)
    return render_template(
        "mailings/office/draft.html",
        mailing=found,
        counted=counted,
        first=counted.people[:_FIRST_NAMES],
        choices=counted.people[:_TO_CHOOSE],
        person=person,
        days=queries.days_of(found.audience.days),
        subject=rules.filled(found.subject, person.facts) if person else found.subject,
    )


def _send_page(found: Mailing, form: SendForm) -> str:
    counted = service.audience_of(found.audience, now=clock.now())
    form.expected.data, form.version.data = str(counted.count), str(found.version)
    return render_template(
        "mailings/office/send.html",
        mailing=found,
        form=form,
        counted=counted,
        first=counted.people[:_FIRST_NAMES],
        days=queries.days_of(found.audience.days),
    )


def _chosen(people: Sequence[Addressee], key: str = "") -> Addressee | None:
    """Return whom the address of the page chooses, else the first."""
    wanted = key or request.args.get("pour", "")
    return next((person for person in people if person.key == wanted), people[0] if people else None)


def _mail_url(row: MailingRecipient) -> str | None:
    return url_for("mail_office.mail", mail_id=row.mail_id) if row.mail_id and may(Permission.MAIL_VIEW) else None
