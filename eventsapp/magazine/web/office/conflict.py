"""Two people saved one article: what each wrote, side by side, and the choice between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from eventsapp.magazine import rules
from eventsapp.magazine.models import Article, Revision
from eventsapp.magazine.rules import Piece
from eventsapp.magazine.values import WORDS
from eventsapp.magazine.web.office.forms import WORD_LABELS, ArticleForm

#: Choices that do not hang on words: named when they differ, and left as this person made them.
_SETTINGS = ("kind", "access", "slug", "section", "issue", "study_day")


@dataclass(frozen=True, slots=True)
class Difference:
    """One member that both changed."""

    name: str
    label: str
    mine: str
    theirs: str
    #: From theirs to mine.
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What has to be decided before saving again."""

    differences: Sequence[Difference]
    #: Labels of what was taken over from the other, as this person had left it alone.
    taken: Sequence[str]
    #: Labels of other choices that differ from what is saved.
    settings: Sequence[str]


def settle(form: ArticleForm, article: Article, *, opened: Revision | None) -> Conflict:
    """Put into ``form`` what both agree with, and return what is left to decide; the next save is over theirs.

    ``opened`` is what the article said when this person opened it, as far as that is known.
    """
    differences, taken = [], []
    for name in WORDS:
        mine, theirs = (form[name].data or "").strip(), getattr(article, name)
        agreed = rules.reconciled(base=getattr(opened, name) if opened else None, mine=mine, theirs=theirs)
        if agreed is None:
            pieces = rules.compare(theirs, mine)
            differences.append(Difference(name, WORD_LABELS[name], mine, theirs, pieces))
        elif agreed != mine:
            form[name].data = theirs
            taken.append(WORD_LABELS[name])
    form.version.data = str(article.version)
    saved = {
        "kind": article.kind,
        "access": article.access,
        "slug": article.slug,
        "section": article.section_id or 0,
        "issue": article.issue_id or 0,
        "study_day": article.study_day_id or 0,
    }
    settings = [form[name].label.text for name in _SETTINGS if (form[name].data or "") != (saved[name] or "")]
    return Conflict(differences, taken, settings)


def decided(typed: MultiDict[str, str], article: Article) -> MultiDict[str, str]:
    """Return the form with the choices of an earlier conflict carried out: mine, theirs, or what was merged by hand."""
    chosen = MultiDict(typed)
    for name in WORDS:
        match typed.get(f"choix-{name}"):
            case "mine":
                chosen[name] = typed.get(f"mine-{name}", "")
            case "theirs":
                chosen[name] = getattr(article, name)
    return chosen
