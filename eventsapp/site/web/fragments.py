"""What is personal on pages that are the same for everyone: a small piece, fetched after them."""

from flask import Blueprint, make_response, render_template, session
from flask.typing import ResponseReturnValue
from flask_security import current_user

from eventsapp.accounts.access import Permission, may
from eventsapp.checkout import queries as checkout
from eventsapp.core import page_cache
from eventsapp.core.security_headers import private

#: Where ``checkout`` keeps the token of the visitor's basket.
_BASKET = "basket"

blueprint = Blueprint("site_fragments", __name__, url_prefix="/fragments")


@blueprint.get("/visiteur/")
def visitor() -> ResponseReturnValue:
    """Answer with the basket's count and the visitor's name; with nothing for whoever has neither."""
    if not page_cache.has_session():
        return private(make_response("", 204))
    body = render_template(
        "site/visitor.html",
        basket_size=checkout.basket_size(session.get(_BASKET)),
        name=current_user.calling_name if current_user.is_authenticated else "",
        in_office=current_user.is_authenticated and may(Permission.OFFICE),
    )
    return private(make_response(body))
