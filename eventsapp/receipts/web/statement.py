"""The bank's statement in the office: its file, and a click for each line."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock, i18n
from eventsapp.core.errors import Invalid, Refusal
from eventsapp.core.money import amount_cents
from eventsapp.core.texts import from_address
from eventsapp.office import refusals
from eventsapp.orders import queries as orders
from eventsapp.payments.models import BankLine
from eventsapp.payments.statuses import BankLineStatus
from eventsapp.payments.values import Part
from eventsapp.receipts import queries, rules, service
from eventsapp.receipts.web.forms import StatementForm

blueprint = Blueprint("receipts_statement", __name__, url_prefix="/organisation/encaissements/releve")

#: In addresses, the lines with which somebody dealt.
_DEALT_WITH = {"rapprochees": BankLineStatus.MATCHED, "ecartees": BankLineStatus.IGNORED}
#: Lines of a file that are named to whoever sent it.
_MOST_NAMED = 30


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_RECORD)
def statement() -> ResponseReturnValue:
    """Show the lines that wait, each with what it may pay, or those that were dealt with; take a new file."""
    dealt = _DEALT_WITH.get(request.args.get("etat", ""))
    if dealt is not None and request.method == "GET":
        return _dealt_with_page(dealt)
    form = StatementForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        imported = service.import_statement(form.data_of_file(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(form), refusal.status
    flash(
        _(
            "Lignes nouvelles : %(new)s ; déjà connues : %(known)s ; débits laissés de côté : %(outgoing)s.",
            new=i18n.number(imported.new),
            known=i18n.number(imported.known),
            outgoing=i18n.number(imported.outgoing),
        ),
        "success",
    )
    if imported.unreadable:
        flash(_unreadable(imported.unreadable), "error")
    return redirect(url_for(".statement"), 303)


@blueprint.post("/<int:line_id>/")
@requires(Permission.PAYMENTS_RECORD)
def match(line_id: int) -> ResponseReturnValue:
    """Count a line for the orders that somebody confirmed or named, each « reference=amount »."""
    try:
        payments = service.match_line(line_id, _parts(line_id), actor=current_user, now=clock.now())
    except Refusal as refusal:
        typed = " + ".join(from_address(wish, longest=300) for wish in request.form.getlist("part")[:50])
        return _page(StatementForm(formdata=None), refused=(line_id, refusal.message, typed)), refusal.status
    else:
        total = i18n.money(sum(payment.amount_cents for payment in payments))
        flash(_("%(amount)s enregistrés.", amount=total), "success")
    return redirect(url_for(".statement", fait=line_id), 303)


@blueprint.post("/<int:line_id>/remise/<int:deposit_id>/")
@requires(Permission.PAYMENTS_RECORD)
def match_deposit(line_id: int, deposit_id: int) -> ResponseReturnValue:
    """Say that a line is the bank's receipt of a slip of cheques."""
    try:
        slip = service.match_deposit(line_id, deposit_id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return _page(StatementForm(formdata=None), refused=(line_id, refusal.message, "")), refusal.status
    flash(_("La remise n° %(number)s est rapprochée du relevé.", number=slip.id), "success")
    return redirect(url_for(".statement", fait=line_id), 303)


@blueprint.post("/<int:line_id>/ecarter/")
@requires(Permission.PAYMENTS_RECORD)
def ignore(line_id: int) -> ResponseReturnValue:
    """Set a line aside that pays no order."""
    try:
        service.ignore_line(line_id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".statement"), 303)
    flash(_("La ligne est écartée : elle ne règle aucune commande."), "success")
    return redirect(url_for(".statement", fait=line_id), 303)


@blueprint.post("/<int:line_id>/rouvrir/")
@requires(Permission.PAYMENTS_RECORD)
def reopen(line_id: int) -> ResponseReturnValue:
    """Undo what was done about a line."""
    try:
        service.reopen_line(line_id, actor=current_user, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("La ligne est de nouveau à rapprocher."), "success")
    return redirect(url_for(".statement"), 303)


def _unreadable(numbers: Sequence[int]) -> str:
    """Name the lines of the file whose date or amount cannot be read."""
    named = ", ".join(str(number) for number in numbers[:_MOST_NAMED]) + ("…" if len(numbers) > _MOST_NAMED else "")
    told = ngettext(
        "%(num)d ligne illisible : n° %(numbers)s. Sa date ou son montant ne se lit pas : corrigez-la et reprenez le "
        "fichier.",
        "%(num)d lignes illisibles : n° %(numbers)s. Leur date ou leur montant ne se lit pas : corrigez-les et "
        "reprenez le fichier.",
        len(numbers),
        numbers=named,
    )
    return str(told)


def _parts(line_id: int) -> list[Part]:
    """Return what was confirmed; one reference alone gets the whole line. Raises ``Invalid`` for an unknown one."""
    line = queries.bank_line(line_id)
    parts = []
    for wish in request.form.getlist("part")[:50]:
        for piece in rules.terms(from_address(wish, longest=300)):
            reference, _sign, amount = piece.partition("=")
            order = orders.by_reference(reference.strip().upper())
            cents = amount_cents(amount) if amount else line.amount_cents if line else None
            if order is None:
                raise Invalid(_("Aucune commande n’a la référence « %(reference)s ».", reference=reference.strip()))
            parts.append(Part(order_id=order.id, amount_cents=cents or 0))
    return parts


def _dealt_with_page(status: BankLineStatus) -> str:
    lines = queries.handled_lines(status)
    line_ids = [line.id for line in lines]
    return render_template(
        "receipts/office/statement_lines.html",
        status=status,
        counts=queries.count_lines(),
        lines=lines,
        paid=queries.paid_by_lines(line_ids),
        slips=queries.slips_of_lines(line_ids),
    )


def _just_done() -> BankLine | None:
    """Return the line with which the last click dealt, so that it can be undone at once."""
    typed = request.args.get("fait", "")
    return queries.handled_line(int(typed)) if typed.isdecimal() and len(typed) < 10 else None


def _page(form: StatementForm, *, refused: tuple[int, str, str] | None = None) -> str:
    """Show the page; ``refused``: the line of which something was refused, why, and what was typed."""
    lines, total = queries.open_lines()
    if refused and refused[0] not in {line.id for line in lines}:
        # Somebody dealt with it meanwhile: there is no row beside which it could be said.
        form.form_errors.append(refused[1])
    candidates = queries.candidates() if lines else []
    of_amount = queries.deposits_by_amount({line.amount_cents for line in lines})
    proposed = {
        line.id: rules.proposals(line.label, amount_cents=line.amount_cents, candidates=candidates) for line in lines
    }
    known = {candidate.order_id: candidate for candidate in candidates}
    return render_template(
        "receipts/office/statement.html",
        form=form,
        total=total,
        counts=queries.count_lines(),
        done=_just_done(),
        refused=refused,
        slips={
            # No bank books a deposit before it is made.
            line.id: [slip for slip in of_amount.get(line.amount_cents, []) if slip.deposited_on <= line.booked_on]
            for line in lines
        },
        candidates=known,
        lines=[(line, proposed[line.id]) for line in lines],
        clear={line_id for line_id, found in proposed.items() if rules.stands_out(found)},
    )
