"""Reading a file of presences: whose each line is, and what it says of the half-days."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from eventsapp.attendance import errors, queries, rules
from eventsapp.attendance.queries import Attendance
from eventsapp.attendance.statuses import PART_LABELS, Part
from eventsapp.attendance.values import HalfDay, Sheet, SheetLine
from eventsapp.core.texts import fold
from eventsapp.papers.tables import original
from eventsapp.study_days.models import StudyDay

#: The longest file read, in characters, and the most lines of it.
LONGEST_SHEET, MOST_LINES = 400_000, 2000
_CODE = frozenset({"code", "billet", "ticket"})
_EMAIL = frozenset({"courriel", "email", "e-mail", "mail", "adresse"})
_NAME = frozenset({"nom", "participant", "participante", "name", "nom complet"})
_FIRST_NAME = frozenset({"prenom", "first name"})
_PARTS = {
    Part.MORNING: frozenset({"matin", "morning"}),
    Part.AFTERNOON: frozenset({"apres-midi", "apres midi", "afternoon"}),
}
_YES = frozenset({"oui", "o", "x", "1", "present", "presente", "p", "yes", "y", "v", "vrai", "true"})
_NO = frozenset({"non", "n", "0", "absent", "absente", "a", "no", "faux", "false", "-"})


def read_sheet(text: str, *, day: StudyDay) -> Sheet:
    """Return what a file says of the people of a day, each line with whose it is or why it is nobody's.

    A line names its person by the code of the ticket, the address or the name. Raises ``SheetUnreadable``.
    """
    halves = queries.half_days(day)
    heads, lines = _table(text)
    columns = _columns(heads, halves)
    people = _People(queries.presences(day.id))
    found: dict[int, int] = {}
    read = []
    for number, cells in lines:
        line = _line(number, cells, columns, people)
        if line.registration_id is not None and line.registration_id in found:
            line = SheetLine(
                number=number,
                text=line.text,
                present=line.present,
                problem=_("La même personne est déjà à la ligne %(line)s.", line=found[line.registration_id]),
            )
        elif line.registration_id is not None:
            found[line.registration_id] = number
        read.append(line)
    return Sheet(lines=tuple(read), half_days=tuple(half for half in halves if half in columns.halves))


class _Columns:
    """Where a file has what; ``halves`` maps half-days to places."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.email: int | None = None
        self.name: int | None = None
        self.first_name: int | None = None
        self.halves: dict[HalfDay, int] = {}


class _People:
    """The people of a day, by everything that may name them."""

    def __init__(self, people: Sequence[Attendance]) -> None:
        self.by_code = {person.registration.ticket_code: person for person in people}
        self.by_email: Mapping[str, list[Attendance]] = defaultdict(list)
        self.by_name: Mapping[str, list[Attendance]] = defaultdict(list)
        for person in people:
            seat = person.registration
            if seat.is_named:
                self.by_email[seat.email].append(person)
                for name in {f"{seat.first_name} {seat.last_name}", f"{seat.last_name} {seat.first_name}"}:
                    self.by_name[_key(name)].append(person)

    def named(self, *, code: str, email: str, name: str) -> list[Attendance]:
        """Return who may be meant: one person, none, or several."""
        if code:
            person = self.by_code.get(rules.code_in(code))
            return [person] if person else []
        by_email = self.by_email.get(email.lower(), []) if email else []
        if len(by_email) == 1 or (by_email and not name):
            return by_email
        by_name = self.by_name.get(_key(name), []) if name else []
        if by_email:
            return [person for person in by_name if person in by_email]
        return [] if email and not name else by_name


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if len(text) > LONGEST_SHEET:
        raise errors.SheetUnreadable(_("Ce fichier est trop long : 2 000 lignes au plus."))
    text = text.lstrip("\ufeff")
    head = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=head.count)
    try:
        rows = [
            (number, [original(cell.strip()) for cell in cells])
            for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1)
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:  # a cell that never ends
        raise errors.SheetUnreadable(_("Ce fichier n’est pas un tableau de présences.")) from error
    if len(rows) < 2:
        raise errors.SheetUnreadable(_("Ce fichier n’a pas de ligne : la première ligne nomme les colonnes."))
    if len(rows) > MOST_LINES + 1:
        raise errors.SheetUnreadable(_("Ce fichier est trop long : 2 000 lignes au plus."))
    return rows[0][1], rows[1:]


def _columns(heads: Sequence[str], halves: Sequence[HalfDay]) -> _Columns:
    columns = _Columns()
    several = len({half.on for half in halves}) > 1
    for place, head in enumerate(heads):
        word = _key(head)
        for name, words in (("code", _CODE), ("email", _EMAIL), ("name", _NAME), ("first_name", _FIRST_NAME)):
            if word in words and getattr(columns, name) is None:
                setattr(columns, name, place)
        for half in halves:
            wanted = {f"{part} {half.on:%d/%m}" for part in _PARTS[half.part]} | (
                set() if several else _PARTS[half.part]
            )
            if word in wanted:
                columns.halves[half] = place
    if columns.code is None and columns.email is None and columns.name is None:
        raise errors.SheetUnreadable(_("Il manque une colonne qui dit qui : « code », « courriel » ou « nom »."))
    if not columns.halves:
        wanted_heads = " ; ".join(
            f"« {PART_LABELS[half.part]} {half.on:%d/%m} »" if several else f"« {PART_LABELS[half.part]} »"
            for half in halves
        )
        raise errors.SheetUnreadable(_("Il manque les colonnes des demi-journées : %(heads)s.", heads=wanted_heads))
    return columns


def _line(number: int, cells: Sequence[str], columns: _Columns, people: _People) -> SheetLine:
    def cell(place: int | None) -> str:
        return cells[place] if place is not None and place < len(cells) else ""

    name = f"{cell(columns.first_name)} {cell(columns.name)}".strip()
    code, email = cell(columns.code), cell(columns.email)
    text = name or email or code
    marks: dict[HalfDay, bool] = {}
    unread = []
    for half, place in columns.halves.items():
        word = _key(cell(place))
        if word in _YES or word in _NO:
            marks[half] = word in _YES
        elif word:
            unread.append(cell(place))
    meant = people.named(code=code, email=email, name=name)
    problem = ""
    if len(meant) > 1:
        problem = _("Plusieurs personnes répondent à cette ligne : ajoutez le code du billet.")
    elif not meant:
        problem = _("Personne de cette journée ne répond à cette ligne.")
    elif unread:
        problem = _("« %(word)s » ne se lit pas : écrivez oui ou non.", word=unread[0])
    elif not marks:
        problem = _("Cette ligne ne dit rien d’aucune demi-journée.")
    if problem:
        return SheetLine(number=number, text=text, present=marks, problem=problem)
    seat = meant[0].registration
    return SheetLine(number=number, text=text, present=marks, registration_id=seat.id, name=seat.name)


def _key(text: str) -> str:
    return " ".join((fold(text) or "").split())
