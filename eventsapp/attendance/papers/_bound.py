"""Several tagged papers as one, tagged as they are."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf


def bound_pdf(parts: Sequence[Path]) -> bytes:
    """Return the pages of these papers as one, in order, which archives and screen readers take as they do each.

    One part after the other is read from its file and the whole written to another, so that no more than one copy is in
    memory. Title and date are those of the first; all are made by ``papers/pdf.py``.
    """
    import pikepdf  # noqa: PLC0415 - for papers and not for the web server's start

    with tempfile.NamedTemporaryFile(suffix=".pdf") as whole, pikepdf.open(parts[0]) as bound:
        opened = []
        try:
            for part in parts[1:]:
                opened.append(pikepdf.open(part))
                _append(bound, opened[-1], number=len(opened))
            bound.save(whole.name, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        finally:
            for each in opened:
                each.close()
        return Path(whole.name).read_bytes()


def _append(bound: "pikepdf.Pdf", part: "pikepdf.Pdf", *, number: int) -> None:
    """Put the pages of ``part`` after those that are there, with their tags and their outline."""
    tree = bound.Root.StructTreeRoot
    first = int(tree.ParentTreeNextKey)
    _set_apart(part, first=first, prefix=f"{number}-".encode())
    bound.pages.extend(part.pages)
    # A page that was copied is known by its copy: what tags and outline say of it follows.
    added = bound.copy_foreign(part.Root.StructTreeRoot)
    for element in _listed(added.K):
        element.P = tree
    tree.K = _joined(tree.K, added.K)
    numbered = [*_leaves(tree.ParentTree, "/Nums"), *_leaves(added.ParentTree, "/Nums")]
    tree.ParentTree = _tree(bound, "/Nums", sorted(numbered, key=lambda leaf: leaf[0]))
    tree.ParentTreeNextKey = first + int(added.ParentTreeNextKey)
    if "/IDTree" in added:
        named = [*(_leaves(tree.IDTree, "/Names") if "/IDTree" in tree else ()), *_leaves(added.IDTree, "/Names")]
        tree.IDTree = _tree(bound, "/Names", sorted(named, key=lambda leaf: bytes(leaf[0])))
    for name, meant in added.get("/RoleMap", {}).items():
        tree.RoleMap[name] = meant
    if "/Outlines" in part.Root:
        _chain(bound.Root.Outlines, bound.copy_foreign(part.Root.Outlines))


def _set_apart(part: "pikepdf.Pdf", *, first: int, prefix: bytes) -> None:
    """Number what the tags point to from ``first`` on, and begin the names of tags by ``prefix``."""
    import pikepdf  # noqa: PLC0415 - as above

    for each in part.objects:
        if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for name in ("/StructParent", "/StructParents"):
            if name in each:
                each[name] = int(each[name]) + first
        if each.get("/Type") == "/StructElem":
            if "/ID" in each:
                each.ID = pikepdf.String(prefix + bytes(each.ID))
            for attributes in _listed(each.get("/A")):
                if "/Headers" in attributes:
                    heads = [pikepdf.String(prefix + bytes(head)) for head in attributes.Headers]
                    attributes.Headers = pikepdf.Array(heads)
    tree = part.Root.StructTreeRoot
    tree.ParentTree = _tree(part, "/Nums", [(key + first, value) for key, value in _leaves(tree.ParentTree, "/Nums")])
    if "/IDTree" in tree:
        named = [(pikepdf.String(prefix + bytes(key)), value) for key, value in _leaves(tree.IDTree, "/Names")]
        tree.IDTree = _tree(part, "/Names", named)


def _chain(outline: Any, added: Any) -> None:
    """Put the entries of an outline after those of another."""
    if "/First" not in added:
        return
    entry = added.First
    while entry is not None:
        entry.Parent = outline
        entry = entry.get("/Next")
    if "/First" in outline:
        outline.Last.Next, added.First.Prev = added.First, outline.Last
    else:
        outline.First = added.First
    outline.Last = added.Last
    outline.Count = int(outline.get("/Count", 0)) + int(added.Count)


def _leaves(node: Any, kind: str) -> Iterator[tuple[Any, Any]]:
    """Give the pairs of a tree of numbers or of names, in order."""
    pairs = list(node.get(kind, ()))
    yield from zip(pairs[::2], pairs[1::2], strict=True)
    for child in node.get("/Kids", ()):
        yield from _leaves(child, kind)


def _tree(pdf: "pikepdf.Pdf", kind: str, leaves: Sequence[tuple[Any, Any]]) -> Any:
    import pikepdf  # noqa: PLC0415 - as above

    return pdf.make_indirect(pikepdf.Dictionary({kind: pikepdf.Array([half for leaf in leaves for half in leaf])}))


def _joined(*children: Any) -> Any:
    import pikepdf  # noqa: PLC0415 - as above

    return pikepdf.Array([each for some in children for each in _listed(some)])


def _listed(value: Any) -> list[Any]:
    """Return what stands in a PDF as one thing, several or none."""
    import pikepdf  # noqa: PLC0415 - as above

    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]
