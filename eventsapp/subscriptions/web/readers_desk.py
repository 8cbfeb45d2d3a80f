"""What the manager's pages and the office share: who reads for an institution, and what can be done about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from eventsapp.accounts.models import User
from eventsapp.core import clock, links
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.core.security_headers import private
from eventsapp.office import lists
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract, Manager
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.subscriptions.web.readers_forms import ChooseForm, CodeForm, DomainForm, InviteForm, ManagerForm

View: TypeAlias = Callable[..., ResponseReturnValue]
Guard: TypeAlias = Callable[[View], View]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """From where the readers of an institution are looked after: the manager's own page, or the office."""

    readership_id: int
    #: The one that gives seats today or, if none does, the next or the last.
    contract: Contract
    #: One that begins later, and whose seats are given already.
    following: Contract | None
    #: The blueprint with the pages, and what its addresses take.
    blueprint: str
    address: Mapping[str, Any]
    #: Who acts, in the history and in invitations.
    by: str
    actor: User | None = None
    manager: Manager | None = None
    may_edit: bool = True
    layout: str = "layouts/site.html"
    back: str = ""
    #: Where it is renewed: only for whoever bought it, as prices stand there.
    renew_url: str = ""

    @property
    def is_office(self) -> bool:
        return self.actor is not None

    @property
    def is_open(self) -> bool:
        """Whether seats can be given."""
        return self.contract.status in {ContractStatus.ACTIVE, ContractStatus.PENDING}

    @property
    def seats_left(self) -> int:
        return self.contract.readers - self.contract.seats_taken

    @property
    def doer(self) -> dict[str, Any]:
        """What every use case is told of who acts."""
        return {"by": self.by, "actor": self.actor, "now": clock.now()}

    def url(self, page: str, **more: Any) -> str:
        """Return the address of one of its pages."""
        return url_for(f"{self.blueprint}.{page}", **self.address, **more)


def present(readership_id: int, *, today: date) -> tuple[Contract, Contract | None] | None:
    """Return the contract of an institution that counts today, and one that follows it; ``None`` when none began."""
    every = queries.begun_of(readership_id)
    if not every:
        return None
    begun = [row for row in every if row.status is not ContractStatus.CANCELLED] or every
    later = [row for row in begun if row.starts_on is not None and row.starts_on > today]
    now = [row for row in begun if row not in later and row.ends_on is not None and row.ends_on >= today]
    if now:
        return now[0], later[-1] if later else None
    return (later[-1], None) if later else (begun[0], None)


def people(desk: Desk) -> ResponseReturnValue:
    """List who reads, who was invited, who never came; as a file too."""
    found = lists.answer(
        queries.member_list(desk.readership_id, contract_id=desk.contract.id),
        template="subscriptions/readers/people.html",
        desk=desk,
        to_choose=_to_choose(desk),
        oldest=clock.now() - rules.INVITATION_LASTS,
    )
    return private(make_response(found))


def invite(desk: Desk) -> ResponseReturnValue:
    """Invite people by their addresses: all of them, or nobody while a line is wrong."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _page("invite", desk, form, status=422 if form.errors else 200)
    try:
        sent, known = subscriptions.invite(desk.readership_id, form.addresses.data, locale=locale_code(), **desk.doer)
    except Refusal as refusal:
        form.addresses.errors = [*form.addresses.errors, *(refusal.errors.values() or [refusal.message])]
        return _page("invite", desk, form, status=refusal.status)
    if sent:
        flash(ngettext("Une invitation est partie.", "%(num)d invitations sont parties.", sent), "success")
    if known:
        flash(
            ngettext(
                "Une adresse était déjà sur la liste : rien n’y part.",
                "%(num)d adresses étaient déjà sur la liste : rien n’y part.",
                known,
            ),
            "info",
        )
    return redirect(desk.url("people", etat="invites"), 303)


def resend(desk: Desk, member_id: int) -> ResponseReturnValue:
    """Send an invitation once more."""

    def act() -> str:
        member = subscriptions.resend(desk.readership_id, member_id, **desk.doer)
        return str(_("L’invitation de %(name)s est repartie.", name=member.label))

    return _did(act, desk.url("people", etat="invites"))


def remove(desk: Desk, member_id: int) -> ResponseReturnValue:
    """Take somebody off, or an invitation back; the next page has the way to undo it."""

    def act() -> str:
        member = subscriptions.remove(desk.readership_id, member_id, **desk.doer)
        return str(_("%(name)s n’est plus dans la liste : l’accès est fermé, la place est libre.", name=member.label))

    return _did(act, desk.url("people", etat="retires"))


def restore(desk: Desk, member_id: int) -> ResponseReturnValue:
    """Put back whom somebody took off."""

    def act() -> str:
        member = subscriptions.restore(desk.readership_id, member_id, **desk.doer)
        return str(_("%(name)s a de nouveau une place.", name=member.label))

    return _did(act, desk.url("people"))


def choose(desk: Desk, contract_id: int) -> ResponseReturnValue:
    """Say who has the seats of a contract that has fewer of them than there are people."""
    rows = (desk.contract, desk.following)
    contract = next((row for row in rows if row is not None and row.id == contract_id), None) or abort(404)
    members = queries.joined_members(desk.readership_id)
    form = ChooseForm()
    form.offer(members, queries.seats_of(contract.id).keys())
    more = {"chosen_for": contract, "members": members}
    if not form.validate_on_submit():
        return _page("choose", desk, form, status=422 if form.errors else 200, **more)
    try:
        subscriptions.choose(desk.readership_id, contract.id, form.members.data or (), **desk.doer)
    except Refusal as refusal:
        form.members.errors = [*form.members.errors, refusal.message]
        return _page("choose", desk, form, status=refusal.status, **more)
    flash(_("C’est enregistré ; ceux que cela change l’apprennent par un courriel."), "success")
    return redirect(desk.url("people"), 303)


def ways(desk: Desk) -> ResponseReturnValue:
    """Show by which domains people join by themselves, and who manages."""
    return _ways(desk)


def ask_domain(desk: Desk) -> ResponseReturnValue:
    """Send a code to an address of a domain."""
    form = DomainForm(prefix="domain")
    if not form.validate_on_submit():
        return _ways(desk, domain_form=form, status=422)
    try:
        asked = subscriptions.ask_domain(desk.readership_id, form.email.data, locale=locale_code(), **desk.doer)
    except Refusal as refusal:
        form.email.errors = [*form.email.errors, refusal.message]
        return _ways(desk, domain_form=form, status=refusal.status)
    flash(_("Le code est parti à %(email)s ; recopiez-le ci-dessous.", email=asked.asked_email), "success")
    return redirect(desk.url("ways"), 303)


def verify(desk: Desk, domain_id: int) -> ResponseReturnValue:
    """Take the code of a domain; a wrong one is counted."""
    form = CodeForm()
    if not form.validate_on_submit():
        flash(_("Recopiez le code."), "error")
        return redirect(desk.url("ways"), 303)

    def act() -> str:
        if subscriptions.verify_domain(desk.readership_id, domain_id, form.code.data, **desk.doer):
            return str(_("Le domaine est vérifié : donnez son lien à vos collègues."))
        flash(_("Ce code n’est pas le bon : vérifiez-le dans le courriel."), "error")
        return ""

    return _did(act, desk.url("ways"))


def drop_domain(desk: Desk, domain_id: int) -> ResponseReturnValue:
    """Let nobody join by a domain any more."""

    def act() -> str:
        subscriptions.drop_domain(desk.readership_id, domain_id, **desk.doer)
        return str(_("Le lien du domaine n’ouvre plus rien ; ceux qui sont arrivés restent."))

    return _did(act, desk.url("ways"))


def add_manager(desk: Desk) -> ResponseReturnValue:
    """Let somebody else manage as well."""
    form = ManagerForm(prefix="manager")
    if not form.validate_on_submit():
        return _ways(desk, manager_form=form, status=422)
    try:
        added = subscriptions.add_manager(desk.readership_id, form.email.data, locale=locale_code(), **desk.doer)
    except Refusal as refusal:
        form.email.errors = [*form.email.errors, refusal.message]
        return _ways(desk, manager_form=form, status=refusal.status)
    flash(_("%(email)s reçoit le lien de sa page.", email=added.email), "success")
    return redirect(desk.url("ways"), 303)


def drop_manager(desk: Desk, manager_id: int) -> ResponseReturnValue:
    """Take a manager off; one who leaves has no page to come back to."""
    leaves = desk.manager is not None and desk.manager.id == manager_id

    def act() -> str:
        gone = subscriptions.drop_manager(desk.readership_id, manager_id, **desk.doer)
        return str(_("%(email)s ne gère plus les lecteurs.", email=gone.email))

    return _did(act, desk.url("ways"), done=url_for("site.home") if leaves else "")


def usage(desk: Desk) -> ResponseReturnValue:
    """Show how much is read, month by month, and how many never came; nothing of who read what."""
    months = queries.reads_by_month(desk.readership_id, today=clock.local_date(clock.now()))
    page = render_template(
        "subscriptions/readers/usage.html",
        desk=desk,
        months=months,
        counts=queries.member_counts(desk.readership_id),
    )
    return private(make_response(page))


@dataclass(frozen=True, slots=True)
class _Page:
    rule: str
    view: View
    methods: tuple[str, ...]


#: Every page of a desk; those that change something are asked for by POST, or show their form by GET.
_SEEN = (_Page("/", people, ("GET",)), _Page("/lectures/", usage, ("GET",)), _Page("/acces/", ways, ("GET",)))
_EDITED = (
    _Page("/inviter/", invite, ("GET", "POST")),
    _Page("/<int:member_id>/renvoyer/", resend, ("POST",)),
    _Page("/<int:member_id>/retirer/", remove, ("POST",)),
    _Page("/<int:member_id>/remettre/", restore, ("POST",)),
    _Page("/choisir/<int:contract_id>/", choose, ("GET", "POST")),
    _Page("/acces/domaine/", ask_domain, ("POST",)),
    _Page("/acces/domaine/<int:domain_id>/code/", verify, ("POST",)),
    _Page("/acces/domaine/<int:domain_id>/retirer/", drop_domain, ("POST",)),
    _Page("/acces/gestionnaire/", add_manager, ("POST",)),
    _Page("/acces/gestionnaire/<int:manager_id>/retirer/", drop_manager, ("POST",)),
)


def add_pages(blueprint: Blueprint, find: Callable[..., Desk], *, takes: str, seen: Guard, edited: Guard) -> None:
    """Give ``blueprint`` the pages of a desk that ``find`` makes of the part ``takes`` of the address.

    ``seen`` and ``edited`` let in whoever may look, and whoever may change something.
    """
    for guard, pages in ((seen, _SEEN), (edited, _EDITED)):
        for page in pages:
            blueprint.add_url_rule(
                page.rule, page.view.__name__, guard(_with_desk(page.view, find, takes)), methods=list(page.methods)
            )


def _with_desk(view: View, find: Callable[..., Desk], takes: str) -> View:
    def found(**address: Any) -> ResponseReturnValue:
        return view(find(address.pop(takes)), **address)

    found.__name__ = view.__name__
    found.__doc__ = view.__doc__
    return found


def _ways(
    desk: Desk, *, domain_form: DomainForm | None = None, manager_form: ManagerForm | None = None, status: int = 200
) -> Response:
    domains = queries.domains_of(desk.readership_id)
    page = render_template(
        "subscriptions/readers/ways.html",
        desk=desk,
        domains=[(row, links.absolute("reading.by_domain", secret=row.secret)) for row in domains],
        managers=queries.managers_of(desk.readership_id),
        domain_form=domain_form or DomainForm(formdata=None, prefix="domain"),
        manager_form=manager_form or ManagerForm(formdata=None, prefix="manager"),
        code_form=CodeForm(formdata=None),
    )
    return private(make_response(page, status))


def _page(name: str, desk: Desk, form: FlaskForm, *, status: int, **context: Any) -> Response:
    page = render_template(
        f"subscriptions/readers/{name}.html",
        desk=desk,
        form=form,
        invited=queries.invitations(desk.readership_id),
        **context,
    )
    return private(make_response(page, status))


def _did(act: Callable[[], str], back: str, *, done: str = "") -> ResponseReturnValue:
    """Do it and say so, or say why not; lead back, or to ``done``."""
    try:
        told = act()
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(back, 303)
    if told:
        flash(told, "success")
    return redirect(done or back, 303)


def _to_choose(desk: Desk) -> Contract | None:
    """Return the contract whose seats somebody has to choose for: the next one, or the one that runs."""
    if not desk.is_open:
        return None
    counts = queries.member_counts(desk.readership_id)
    for contract in (desk.following, desk.contract):
        if contract is not None and contract.seats_taken < counts.joined:
            return contract
    return None
