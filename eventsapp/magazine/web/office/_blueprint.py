"""The blueprint that the newsroom's pages share."""

from flask import Blueprint

blueprint = Blueprint("magazine_office", __name__, url_prefix="/organisation")
