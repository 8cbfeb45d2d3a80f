"""The papers of a day in the office: asked for by one button each, followed, downloaded; certificates one by one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.attendance import papers as printed
from eventsapp.attendance import queries
from eventsapp.attendance import service as attendance
from eventsapp.attendance.models import Certificate
from eventsapp.attendance.statuses import BADGE_LABELS, PAPER_LABELS, JobState, PaperKind
from eventsapp.attendance.values import DayPapersDraft, WordingDraft
from eventsapp.attendance.web.certificates import answer
from eventsapp.attendance.web.frame import around
from eventsapp.attendance.web.papers_forms import AskForm, DayPapersForm, RevokeForm, WordingForm
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.files import delivery
from eventsapp.office import lists, refusals
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay

blueprint = Blueprint("papers_office", __name__, url_prefix="/organisation")

_OF_DAY = "/journees/<slug>/documents-a-imprimer/"


@blueprint.get(_OF_DAY)
@requires(Permission.PRESENCES_EDIT)
def papers(slug: str) -> ResponseReturnValue:
    """Show what can be made for a day, what is being made, and what is ready."""
    return _papers_page(_day(slug))


@blueprint.post(_OF_DAY)
@requires(Permission.PRESENCES_EDIT)
def ask(slug: str) -> ResponseReturnValue:
    """Have one sort of papers made."""
    day = _day(slug)
    form = AskForm()
    if not form.validate_on_submit():
        abort(400)
    kind = PaperKind(form.kind.data)
    if kind is PaperKind.AGREEMENTS and queries.training_nature(day.id) is None:
        abort(400)
    try:
        attendance.ask(day, kind, options=form.options(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".papers", slug=slug), 303)


@blueprint.post("/journees/<slug>/documents-a-imprimer/reglages/")
@requires(Permission.PRESENCES_EDIT)
def settings(slug: str) -> ResponseReturnValue:
    """Say whether the day is a training, and whether certificates leave by themselves."""
    day = _day(slug)
    form = DayPapersForm()
    if not form.validate_on_submit():
        return _papers_page(day, form), 422
    attendance.save_day_papers(day, form.draft(), actor=current_user, now=clock.now())
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".papers", slug=slug), 303)


@blueprint.get("/journees/<slug>/documents-a-imprimer/<int:part>.pdf")
@requires(Permission.PRESENCES_EDIT)
def download(slug: str, part: int) -> ResponseReturnValue:
    """Give a file that is ready."""
    found = queries.part_of_day(part, day_id=_day(slug).id) or abort(404)
    return private(delivery.answer(found.file))


@blueprint.get("/journees/<slug>/attestations/")
@requires(Permission.REGISTRATIONS_VIEW)
def certificates(slug: str) -> ResponseReturnValue:
    """Show who came, and what became of each certificate."""
    day = _day(slug)
    return lists.answer(
        queries.certificate_list(study_day_id=day.id),
        template="attendance/office/certificates.html",
        row_url=_certificate_url if may(Permission.PRESENCES_EDIT) else None,
        unsent=len(queries.unsent(day.id)),
        unreachable=queries.unreachable(day.id),
        **around(day, part="certificates"),
    )


@blueprint.route("/journees/<slug>/attestations/<int:key>/", methods=["GET", "POST"])
@requires(Permission.PRESENCES_EDIT)
def certificate(slug: str, key: int) -> ResponseReturnValue:
    """Show a certificate; revoke it for a reason."""
    day = _day(slug)
    found = queries.certificate_of_day(key, day_id=day.id) or abort(404)
    form = RevokeForm()
    if not form.validate_on_submit():
        return _certificate_page(day, found, form), 422 if form.errors else 200
    try:
        attendance.revoke(found, reason=form.reason.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _certificate_page(day, found, form), refusal.status
    flash(_("L’attestation est révoquée ; sa page de vérification le dit."), "success")
    return redirect(url_for(".certificate", slug=slug, key=key), 303)


@blueprint.get("/journees/<slug>/attestations/<int:key>.pdf")
@requires(Permission.PRESENCES_EDIT)
def certificate_paper(slug: str, key: int) -> ResponseReturnValue:
    """Give one certificate on paper."""
    day = _day(slug)
    row = queries.certificate_of_day(key, day_id=day.id)
    if row is None or not row.counts:
        abort(404)
    found = queries.standing_certificate(row.registration_id) or abort(404)
    declaration = queries.training_declaration() if found.is_training else ""
    return answer(
        printed.certificates_pdf([found], wording=queries.wording(), declaration=declaration),
        filename=f"attestation-{slug}-{key}.pdf",
    )


@blueprint.post("/journees/<slug>/attestations/<int:key>/delivrer/")
@requires(Permission.PRESENCES_EDIT)
def issue_again(slug: str, key: int) -> ResponseReturnValue:
    """Issue another certificate in place of one that was revoked."""
    day = _day(slug)
    found = queries.certificate_of_day(key, day_id=day.id) or abort(404)
    try:
        made = attendance.issue_again(found, day=day, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".certificate", slug=slug, key=key), 303)
    flash(_("Une nouvelle attestation est délivrée, avec un autre code."), "success")
    return redirect(url_for(".certificate", slug=slug, key=made.id), 303)


@blueprint.route("/papiers/", methods=["GET", "POST"])
@requires(Permission.PRESENCES_EDIT)
def wording() -> ResponseReturnValue:
    """Edit the sentences on the papers of every day."""
    kept = queries.wording()
    form = WordingForm(**{name: getattr(kept, name) for name in WordingDraft.__dataclass_fields__})
    if not form.validate_on_submit():
        page = render_template("attendance/office/wording.html", form=form)
        return page, 422 if form.errors else 200
    attendance.save_wording(form.draft(), actor=current_user, now=clock.now())
    flash(_("Les phrases sont enregistrées ; elles paraîtront sur les prochains documents."), "success")
    return redirect(url_for(".wording"), 303)


def _papers_page(day: StudyDay, form: DayPapersForm | None = None) -> str:
    kept = queries.papers_of_day(day.id)
    if form is None:
        names = DayPapersDraft.__dataclass_fields__
        form = DayPapersForm(formdata=None, **({name: getattr(kept, name) for name in names} if kept else {}))
    jobs = queries.jobs_of_day(day.id)
    declared = bool(queries.training_declaration())
    is_training = bool(kept and kept.is_training and declared)
    return render_template(
        "attendance/office/papers.html",
        form=form,
        jobs=jobs,
        failed=queries.failed_names(jobs),
        making={job.kind for job in jobs if job.state is JobState.WAITING},
        kinds=[kind for kind in PAPER_LABELS if is_training or kind is not PaperKind.AGREEMENTS],
        labels=PAPER_LABELS,
        shapes=BADGE_LABELS,
        blanks=attendance.BLANKS,
        declared=declared,
        named=len(queries.named_seats(day.id)),
        came=len(queries.certifiable(day.id)),
        unsent=len(queries.unsent(day.id)),
        keep_days=queries.wording().keep_days,
        **around(day, part="papers"),
    )


def _certificate_page(day: StudyDay, found: Certificate, form: RevokeForm) -> str:
    return render_template(
        "attendance/office/certificate.html",
        certificate=found,
        form=form,
        replaced=not found.counts and queries.standing_certificate(found.registration_id) is not None,
        **around(day, part="certificates"),
    )


def _day(slug: str) -> StudyDay:
    return study_days.any_day(slug) or abort(404)


def _certificate_url(row: Any) -> str | None:
    _seat, found = row
    return (
        url_for(".certificate", slug=request.view_args["slug"], key=found.id) if found and request.view_args else None
    )
