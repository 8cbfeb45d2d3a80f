"""What the API shows: pages of a list, and objects put in place of their ids (``expand``)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eventsapp.demo.sandbox.errors import ApiError, missing_resource
from eventsapp.demo.sandbox.objects import public
from eventsapp.demo.sandbox.store import Store, Thing

#: Fields of an object that hold another one's id, with its kind.
_EXPANDABLE = {
    "charge": "charge",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "setup_intent": "setup_intent",
}
_DEEPEST_EXPANSION = 4


def page(store: Store, kind: str, params: Mapping[str, Any], *, url: str, keep: Callable[[Thing], bool]) -> Thing:
    """Return one page of the objects of that kind which ``keep`` accepts, the latest first.

    ``params``: ``limit`` (1 to 100, 10 when missing), ``starting_after``, ``ending_before``, ``created``, ``expand``.
    """
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise ApiError("Limit must be between 1 and 100.", code="parameter_invalid_integer", param="limit")
    if "starting_after" in params and "ending_before" in params:
        raise ApiError("You may only specify one of starting_after and ending_before.", param="ending_before")
    ids = store.ids_newest_first(kind)
    if "ending_before" in params:
        wanted = set(ids[: _rank(kind, ids, params["ending_before"], "ending_before")])
    elif "starting_after" in params:
        wanted = set(ids[_rank(kind, ids, params["starting_after"], "starting_after") + 1 :])
    else:
        wanted = set(ids)
    things = store.newest_first(
        kind, lambda thing: thing["id"] in wanted and keep(thing) and _created_in(thing, params.get("created"))
    )
    shown = things[-limit:] if "ending_before" in params else things[:limit]
    paths = [path.removeprefix("data.") for path in params.get("expand", [])]
    return {
        "object": "list",
        "url": url,
        "has_more": len(things) > limit,
        "data": [shown_with(store, thing, paths) for thing in shown],
    }


def shown_with(store: Store, thing: Thing, paths: Sequence[str]) -> Thing:
    """Return what the API shows of the object, with the ids at these dotted paths replaced by their objects."""
    shown = public(thing)
    for path in paths:
        _expand(store, thing, shown, path.split("."))
    return shown


def line_items(session: Thing) -> list[Thing]:
    """Return the session's lines as the API shows them."""
    return [public(item) for item in session["_line_items"]]


def whole(data: list[Thing], url: str) -> Thing:
    """Return a list that fits on one page."""
    return {"object": "list", "url": url, "has_more": False, "data": data}


def _expand(store: Store, thing: Thing, shown: Thing, path: list[str]) -> None:
    name, below = path[0], path[1:]
    if len(path) > _DEEPEST_EXPANSION:
        raise ApiError(f"You cannot expand more than {_DEEPEST_EXPANSION} levels of a property.", param="expand")
    if thing["object"] == "checkout.session" and name == "line_items":
        shown[name] = whole(line_items(thing), f"/v1/checkout/sessions/{thing['id']}/line_items")
        return
    if thing["object"] == "charge" and name == "refunds":
        refunds = store.newest_first("refund", lambda refund: refund["charge"] == thing["id"])
        shown[name] = whole([public(refund) for refund in refunds], f"/v1/charges/{thing['id']}/refunds")
        return
    if name not in _EXPANDABLE or name not in shown:
        raise ApiError(f"This property cannot be expanded ({name}).", param="expand[0]")
    target_id = shown[name]["id"] if isinstance(shown[name], dict) else shown[name]
    target = target_id and store.find(_EXPANDABLE[name], target_id)
    if not target:
        return
    if not isinstance(shown[name], dict):
        shown[name] = public(target)
    if below:
        _expand(store, target, shown[name], below)


def _created_in(thing: Thing, bounds: int | dict[str, int] | None) -> bool:
    if bounds is None:
        return True
    at: int = thing["created"]
    if isinstance(bounds, int):
        return at == bounds
    return (
        at >= bounds.get("gte", at)
        and at > bounds.get("gt", at - 1)
        and at <= bounds.get("lte", at)
        and at < bounds.get("lt", at + 1)
    )


def _rank(kind: str, ids: list[str], thing_id: str, name: str) -> int:
    if thing_id not in ids:
        raise missing_resource(kind, thing_id, param=name, status=400)
    return ids.index(thing_id)
