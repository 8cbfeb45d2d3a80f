"""What is pasted into a text from Word, Google Docs and LibreOffice, as their clipboards give it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from eventsapp.core.static_files import FOLDER

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View>
</w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm} @page WordSection1 {} -->
</style></head><body lang=FR link="#0563C1" style='tab-interval:35.4pt'><!--StartFragment-->
<h1 style='mso-list:none'>Ce qu’Angers a mis en commun<o:p></o:p></h1>
<p class=MsoNormal><span style='mso-fareast-language:FR'>Les <b style='mso-bidi-font-weight:normal'>directions </b>ont
été <i>réunies</i> à <st1:place w:st="on">Angers</st1:place>, dit
<a href="https://exemple.fr/page(1)"><span style='color:#0563C1'>l’agglomération</span></a><a
style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span
style='mso-special-character:footnote'><![if !supportFootnotes]>[1]<![endif]></span></span></a>.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<h3>Les services<o:p></o:p></h3>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span>
<![endif]>Les finances<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New";mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span>
<![endif]>La paie<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span>
<![endif]>Le juridique<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span
style='font:7.0pt "Times New Roman"'>&nbsp; </span></span><![endif]>Décider<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.<span
style='font:7.0pt "Times New Roman"'>&nbsp; </span></span><![endif]>Réunir<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
<tr><td width=301 valign=top style='width:226pt'><p class=MsoNormal><b>Service<o:p></o:p></b></p></td>
<td width=301><p class=MsoNormal align=right><b>Agents<o:p></o:p></b></p></td></tr>
<tr><td><p class=MsoNormal>Paie | RH<o:p></o:p></p></td><td><p class=MsoNormal>12<o:p></o:p></p></td></tr></table>
<p class=MsoNormal><del cite="mailto:x" datetime="2026-11-01T10:00">Un mot barré </del><ins>Un mot ajouté</ins><span
style='mso-element:comment'>[AR1]</span> et du caché<span style='display:none;mso-hide:all'> invisible</span>.</p>
<p class=MsoNormal><img width=100 height=100 src="file:///C:/Users/x/clip_image001.png" alt=""></p>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1 width="33%">
<![endif]><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1'
href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a> Rapport de 2025,
<i>passim</i>.<o:p></o:p></p></div></div><!--EndFragment--></body></html>"""

WORD_MARKDOWN = """\
## Ce qu’Angers a mis en commun

Les **directions** ont été _réunies_ à Angers, dit [l’agglomération](https://exemple.fr/page%281%29)[^1].

### Les services

- Les finances
  - La paie
- Le juridique
1. Décider
2. Réunir

| **Service** | **Agents** |
| --- | --- |
| Paie \\| RH | 12 |

Un mot ajouté et du caché.

[^1]: Rapport de 2025, _passim_."""

GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-0a1b2c3d-7fff-4e5f"><h2
dir="ltr" style="line-height:1.38;margin-top:18pt;"><span style="font-size:16pt;font-weight:400;">Un titre</span></h2><p
dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-weight:400;font-style:normal;"
>Du texte </span><span
style="font-weight:700;">en gras</span><span style="font-style:italic;"> et penché</span><span
style="font-weight:400;">, puis </span><a href="https://www.google.com/url?q=https://exemple.fr/a&amp;sa=D"
style="text-decoration:none;"><span style="text-decoration:underline;color:#1155cc;">un lien</span></a><sup><a
href="#ftnt1" id="ftnt_ref1">[1]</a></sup><span>.</span></p><br /><ul style="margin-top:0;"><li dir="ltr" aria-level="1"
style="list-style-type:disc;"><p dir="ltr" role="presentation"><span>Un</span></p></li><ul><li dir="ltr"
aria-level="2"><p dir="ltr" role="presentation"><span>Un et demi</span></p></li></ul><li dir="ltr" aria-level="1"><p
dir="ltr" role="presentation"><span>Deux</span></p></li></ul><h4 dir="ltr"><span>Plus bas</span></h4><div
dir="ltr"><table style="border:none;"><colgroup><col /></colgroup><tbody><tr><td><p><span>A</span></p></td><td><p><span
>B</span></p></td></tr><tr><td colspan="2"><p><span>Ensemble</span></p></td></tr></tbody></table></div><br /><div><p><a
href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;La note.</span></p></div></b>"""

GOOGLE_MARKDOWN = """\
## Un titre

Du texte **en gras** _et penché_, puis [un lien](https://exemple.fr/a)[^4].

- Un
  - Un et demi
- Deux

### Plus bas

| A | B |
| --- | --- |
| Ensemble |  |

[^4]: La note."""

LIBREOFFICE = """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<title></title><meta name="generator" content="LibreOffice 24.2 (Linux)"/>
<style type="text/css">p { margin-bottom: 0.25cm }</style>
</head><body lang="fr-FR" dir="ltr"><h1 class="western">Titre</h1>
<p class="western" style="line-height: 115%"><font color="#000000"><font face="Liberation Serif, serif">Un texte à
<b>5&nbsp;%</b>, <i><b>ferme</b></i><a class="sdfootnoteanc" name="sdfootnote1anc"
href="#sdfootnote1sym"><sup>1</sup></a> et * libre.</font></font></p>
<p class="western"><br/>
<br/>

</p>
<ol><li><p class="western">Premier</p></li><li><p>Second</p><ul><li><p>Dedans</p></li></ul></li></ol>
<blockquote>Une citation</blockquote>
<div id="sdfootnote1"><p class="sdfootnote-western"><a class="sdfootnotesym" name="sdfootnote1sym"
href="#sdfootnote1anc">1</a>Voir la page 3.</p></div></body></html>"""

LIBREOFFICE_MARKDOWN = """\
## Titre

Un texte à **5\N{NO-BREAK SPACE}%**, **_ferme_**[^1] et \\* libre.

1. Premier
2. Second
   - Dedans

> Une citation

[^1]: Voir la page 3."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with the cleaner of what is pasted, and nothing else."""
    context = browser.new_context()
    page = context.new_page()
    source = (FOLDER / "js" / "pasted.js").read_text().replace("export function", "function")
    page.add_script_tag(content=f"{source}\nwindow.pasted = {{ toMarkdown, isRich }};")
    yield page
    context.close()


def cleaned(page: Page, html: str, first_note: int = 1) -> str:
    return str(page.evaluate("([html, firstNote]) => pasted.toMarkdown(html, { firstNote }).text", [html, first_note]))


@pytest.mark.parametrize(
    ("html", "first_note", "markdown"),
    [(WORD, 1, WORD_MARKDOWN), (GOOGLE, 4, GOOGLE_MARKDOWN), (LIBREOFFICE, 1, LIBREOFFICE_MARKDOWN)],
    ids=["Word", "Google Docs", "LibreOffice"],
)
def test_a_text_keeps_what_it_says_and_loses_its_looks(page: Page, html: str, first_note: int, markdown: str) -> None:
    assert cleaned(page, html, first_note) == markdown


def test_pictures_are_counted_and_code_is_left_to_the_browser(page: Page) -> None:
    assert page.evaluate("html => pasted.toMarkdown(html).pictures", WORD) == 1
    assert page.evaluate("html => pasted.isRich(html)", WORD)
    assert not page.evaluate("html => pasted.isRich(html)", "<div><span style='color:red'>## Titre</span></div>")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>1. Un compte</p><p># rien</p>", "1\\. Un compte\n\n\\# rien"),
        ("<p>a_b_c, _seul_ et [x](y)</p>", "a_b_c, \\_seul\\_ et \\[x](y)"),
        ("<p>Ligne<br>suivante</p>", "Ligne\\\nsuivante"),
        ("<p><a href='javascript:alert(1)'>clic</a> <a href='/relatif'>ici</a></p>", "clic ici"),
        ("<table><tr><td><p>Un cadre</p></td></tr></table>", "Un cadre"),
        ("<script>alert(1)</script><p>Texte</p><img src=x onerror=alert(1)>", "Texte"),
        ("<p><b>Un </b><b>deux</b><b> </b></p>", "**Un deux**"),
    ],
)
def test_small_things(page: Page, html: str, markdown: str) -> None:
    assert cleaned(page, html) == markdown
