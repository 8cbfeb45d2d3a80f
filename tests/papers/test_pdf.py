import io
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from eventsapp.papers import pdf
from eventsapp.papers.errors import PaperFailed
from eventsapp.papers.markdown_blocks import from_text
from eventsapp.papers.pdf import Attachment, render
from tests.papers.validator import faults, text, words

DATED = datetime(2009, 3, 15, 8, 30, tzinfo=UTC)
MARKDOWN = """
La journée du 24 février, à Angers, a montré qu'il en existe **au moins cinq** : *voici* `2009-MAPA-12`.

## Mulhouse : tenir la dépense

- l'entente entre les élus ;
- une [convention](/conventions/).

> La mutualisation n'est pas une économie.

::: quote
Cinq territoires, cinq périmètres.
:::

::: box Doc-Doc | Ce que chacun met en commun

| Territoire | Agents |
| --- | ---: |
| Angers | 312 |

:::
"""


def paragraph(said: str) -> dict[str, object]:
    return {"kind": "paragraph", "runs": [{"kind": "text", "text": said}]}


def article(**changes: object) -> dict[str, object]:
    return {
        "site_name": "La Lettre du cadre territorial",
        "issue_label": "N° 376",
        "section": "Reportage",
        "title": "La mutualisation avec ceux qui l’ont conduite",
        "subtitle": "",
        "lead": "Faut-il un seul directeur général ?",
        "byline": "la rédaction",
        "published": "15 mars 2009",
        "url": "https://exemple.fr/articles/la-mutualisation/",
        "sessions": [
            {"day": "Mardi 24 février 2009", "title": "La mutualisation", "speakers": ["Jean-Claude Antonini, Angers"]}
        ],
        "blocks": [paragraph("Un texte court.")],
        "related": [{"title": "Angers et son agglo", "label": "Article, n° 374"}],
        "reader": None,
        **changes,
    }


def printed(**changes: object) -> bytes:
    return render("magazine/article", article(**changes), title="La mutualisation", dated=DATED)


def test_an_article_is_valid_for_the_archive_and_for_screen_readers() -> None:
    paper = printed(blocks=from_text(MARKDOWN, base_url="https://exemple.fr/"))

    assert faults(paper) == []


def test_the_validator_finds_a_file_that_is_neither() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    plain = io.BytesIO()
    writer.write(plain)

    assert faults(plain.getvalue()) != []


def test_an_article_says_its_title_language_date_and_structure() -> None:
    document = pypdf.PdfReader(io.BytesIO(printed(blocks=from_text(MARKDOWN))))
    root: Any = document.trailer["/Root"]

    assert document.metadata is not None
    assert document.metadata.title == "La mutualisation"
    assert document.metadata.creation_date == DATED
    assert str(root["/Lang"]).startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert structure(root["/StructTreeRoot"]) >= {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Link"}


def letters(said: str) -> str:
    """Return a text without the layout's business: spaces, soft hyphens, small capitals."""
    return "".join(said.replace("\N{SOFT HYPHEN}", "").lower().split())


def structure(element: Any) -> set[str]:
    """Return the kinds of elements in a tag tree."""
    element = element.get_object()
    if isinstance(element, list):
        return set().union(*(structure(child) for child in element))
    if not isinstance(element, dict):
        return set()
    below = structure(element["/K"]) if "/K" in element else set()
    return below | ({str(element["/S"])} if "/S" in element else set())


def test_everything_given_is_on_the_paper() -> None:
    said = letters(text(printed(blocks=from_text(MARKDOWN), reader="Mairie de Cholet")))

    for part in (
        "La Lettre du cadre territorial", "N° 376", "Faut-il un seul directeur général ?", "Par la rédaction",
        "au moins cinq", "voici", "2009-MAPA-12", "Mulhouse", "l’entente entre les élus", "convention",
        "La mutualisation n’est pas une économie.", "Cinq territoires, cinq périmètres.", "Doc-Doc",
        "Ce que chacun met en commun", "Angers", "312", "À propos de la séance", "Mardi 24 février 2009",
        "Jean-Claude Antonini, Angers", "À lire", "Article, n° 374", "https://exemple.fr/articles/la-mutualisation/",
        "Exemplaire de Mairie de Cholet", "Page 1 sur 1",
    ):  # fmt: skip
        assert letters(part) in said


def test_an_article_of_only_what_must_be_is_valid_too() -> None:
    paper = printed(
        issue_label=None, section="", lead="", byline="", published="", url="", sessions=[], related=[], blocks=[]
    )

    assert faults(paper) == []


def test_the_day_of_several_sessions_is_said_once() -> None:
    sessions: list[dict[str, object]] = [
        {"day": "Mardi 24 février", "title": title, "speakers": []} for title in ("Mulhouse", "Amiens")
    ]

    assert words(printed(sessions=sessions)).count("Mardi 24 février") == 1
    assert words(printed(sessions=[*sessions, {**sessions[0], "day": "Mercredi"}])).count("Mardi 24 février") == 2


def test_an_english_article_speaks_english() -> None:
    paper = render("magazine/article", article(reader="Ann"), title="Sharing", language="en", dated=DATED)

    said = words(paper)
    assert "About the session" in said
    assert "Copy of Ann" in said
    assert "Page 1 of 1" in said


LITERAL = [
    '#read("/etc/passwd")',
    "#import \"@preview/cetz:0.3.0\"",
    "{{7*7}} ${7*7} {order.__class__} %n",
    "$x$ *a* _b_ `c` <label> @ref ~ -- --- ...",
    "http://169.254.169.254/ file:///etc/passwd",
    "\"quotes\" 'apostrophes' \\u{41} // /* */",
    "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "Łódź Đặng Œuvre Ἀθήνα Москва №",
]  # fmt: skip


@pytest.mark.parametrize("hostile", LITERAL)
def test_markup_of_any_language_is_printed_as_it_was_typed(hostile: str) -> None:
    paper = printed(title=hostile, lead=hostile, reader=hostile, blocks=[paragraph(hostile)])

    assert letters(text(paper)).count(letters(hostile)) == 4
    assert "root:" not in text(paper)
    assert faults(paper) == []


@pytest.mark.parametrize(
    ("name", "as_printed"),
    [
        ("שלום", "שלום"),
        ("\u202eAntonini\u202c", "Antonini"),
        ("nul\x00, cloche\x07, échappe\x1b", "nul, cloche, échappe"),
        ("\ufeffmarque", "marque"),
        ("moitié \ud83d privée \ue000", "moitié � privée �"),
        ("deux\r\nlignes\tet un tabulateur", "deux lignes et un tabulateur"),
    ],
)
def test_what_no_archive_takes_is_left_out(name: str, as_printed: str) -> None:
    paper = printed(byline=name)

    assert f"Par {as_printed}" in words(paper) or f"Par {as_printed[::-1]}" in words(paper)
    assert faults(paper) == []


@pytest.mark.parametrize("name", ["😀 👩‍👩‍👧 ❤️", "中文 日本語 한국어", "नमस्ते ไทย"])
def test_a_name_that_no_font_has_is_boxes_to_the_eye_and_itself_when_copied(name: str) -> None:
    paper = printed(byline=name)

    assert faults(paper) == []
    if shutil.which("pdftotext"):
        copied = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
        assert name in copied


def test_a_very_long_word_stays_inside_the_page_and_whole_in_the_text() -> None:
    word = "anticonstitutionnellement" * 10

    paper = printed(title=word, blocks=[paragraph(word)])

    assert text(paper).replace("\n", "").count(word) == 2
    assert widest(paper) <= 595


def widest(paper: bytes) -> float:
    """Return how far to the right the last piece of text starts, in points."""
    rights: list[float] = []
    for sheet in pypdf.PdfReader(io.BytesIO(paper)).pages:
        sheet.extract_text(visitor_text=lambda _text, _cm, matrix, _font, _size: rights.append(matrix[4]))
    return max(rights)


@pytest.mark.parametrize("deep", [">" * 18 + " fond", "- " * 8 + "fond", "**_" * 9 + "fond" + "_**" * 9])
def test_a_text_that_lies_deep_is_printed(deep: str) -> None:
    paper = printed(blocks=from_text(deep))

    assert "fond" in words(paper)
    assert faults(paper) == []


def test_a_long_article_goes_over_pages_with_a_running_head() -> None:
    blocks = from_text("\n\n".join(f"Paragraphe {number}. " + "Un texte. " * 60 for number in range(40)))

    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(printed(blocks=blocks))).pages]

    assert len(sheets) > 2
    assert f"Page 2 sur {len(sheets)}" in sheets[1]
    assert sheets[1].startswith("La Lettre du cadre territorial")


def test_the_same_data_and_date_give_the_same_bytes() -> None:
    assert printed() == printed()


def test_only_the_fonts_of_the_repository_set_french_text() -> None:
    sheets: Any = pypdf.PdfReader(io.BytesIO(printed())).pages

    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for sheet in sheets
        for font in sheet["/Resources"]["/Font"].values()
    }

    assert fonts
    assert all(name.startswith(("PapersSerif", "AtkinsonHyperlegibleNext")) for name in fonts)


def test_several_threads_print_each_their_own_paper() -> None:
    with ThreadPoolExecutor(4) as threads:
        papers = list(threads.map(lambda number: printed(reader=f"lecteur {number:03}"), range(12)))

    assert [f"lecteur {number:03}" in text(paper) for number, paper in enumerate(papers)] == [True] * 12


# --- what a template may not do, and how a failure is told


@pytest.fixture
def write_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a template of a room of its own, beside the shared ones."""
    shutil.copytree(pdf.TEMPLATES / "papers", tmp_path / "papers")
    (tmp_path / "room" / "papers").mkdir(parents=True)
    (tmp_path.parent / "outside.txt").write_text("outside")
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)

    def write(source: str) -> str:
        name = "".join(chr(ord("a") + int(digit)) for digit in str(abs(hash(source))))
        (tmp_path / "room" / "papers" / f"{name}.typ").write_text(source)
        return f"room/{name}"

    return write


@pytest.mark.parametrize(
    "source", ['#read("/etc/passwd")', '#read("../../../outside.txt")', '#read("/../outside.txt")']
)
def test_a_template_reads_nothing_outside_the_templates(write_template: Callable[[str], str], source: str) -> None:
    with pytest.raises(PaperFailed, match=r"file not found|escape"):
        render(write_template(source), {}, title="Titre")


def test_no_connection_goes_out(write_template: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{listener.getsockname()[1]}")

        with ThreadPoolExecutor(1) as other:
            # The control: a package would be fetched through the proxy that listens here.
            fetching = other.submit(render, write_template('#import "@preview/no:1.0.0"'), {}, title="Titre")
            listener.accept()[0].close()
            with pytest.raises(PaperFailed):
                fetching.result()

        listener.settimeout(0.2)
        monkeypatch.undo()
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{listener.getsockname()[1]}")
        printed(
            blocks=from_text("![image](http://169.254.169.254/a.png) [lien](http://127.0.0.1/)"),
            url="http://127.0.0.1/",
        )
        with pytest.raises(TimeoutError):
            listener.accept()


def test_no_template_fetches_a_package_or_evaluates_text() -> None:
    templates = list((Path(__file__).parents[2] / "templates").glob("**/*.typ"))

    assert templates
    for template in templates:
        code = "\n".join(line.partition("//")[0] for line in template.read_text().splitlines())
        assert '"@' not in code, template
        assert "eval(" not in code, template


@pytest.mark.parametrize(
    "name", ["../core/article", "magazine/../magazine/article", "/etc/passwd", "article", "magazine/none"]
)
def test_a_name_that_is_no_paper_is_refused(name: str) -> None:
    with pytest.raises(PaperFailed):
        render(name, {}, title="Titre")


def test_a_failure_says_which_template_and_what(write_template: Callable[[str], str]) -> None:
    name = write_template("#panic()")

    with pytest.raises(PaperFailed, match=rf"{name}: error: panicked"):
        render(name, {}, title="Titre")


def test_a_paper_without_title_is_refused() -> None:
    with pytest.raises(PaperFailed, match="title"):
        render("magazine/article", article(), title="")


def test_data_beyond_all_measure_is_refused_before_it_is_set() -> None:
    with pytest.raises(PaperFailed, match="bytes of data"):
        printed(lead="x" * (pdf.MAX_DATA_BYTES + 1))


@pytest.mark.parametrize("module", ["pdf", "tables", "calendars", "markdown_blocks"])
def test_importing_the_room_loads_no_heavy_part(module: str) -> None:
    heavy = {"typst", "xlsxwriter", "icalendar"}
    source = f"import sys, eventsapp.papers.{module} as _; print(sorted({heavy} & set(sys.modules)))"

    asked = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)

    assert asked.stdout == "[]\n"


def test_a_file_inside_comes_out_as_it_went_in() -> None:
    inside = "<?xml version='1.0'?>\n<né>\u202e\r\n\t&amp;</né>\n"
    attachment = Attachment(
        name="sommaire.xml", text=inside, mime="application/xml", description="Sommaire", relationship="data"
    )

    paper = render("magazine/article", article(), title="La mutualisation", dated=DATED, attachments=[attachment])

    assert pypdf.PdfReader(io.BytesIO(paper)).attachments == {"sommaire.xml": [inside.encode()]}
    assert faults(paper) == []
