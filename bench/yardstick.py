"""The yardstick: the same parts with nothing in between; one query of 20 rows, one page of 20 kB."""

import os

import sqlalchemy as sa
from flask import Flask, render_template_string
from flask_sqlalchemy import SQLAlchemy

#: A page of about 20 kB, most of it repeated rows, as pages are.
_PAGE = """<!doctype html><title>Yardstick</title><ul>
{% for row in rows %}<li><h2>{{ row.title }}</h2><p>{{ row.lead }}</p><p>{{ filler }}</p></li>
{% endfor %}</ul>"""
_FILLER = "Ce que l’on met en commun, ce qu’il en coûte et ce que les équipes en disent. " * 10

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
db = SQLAlchemy(app)
_DAYS = sa.table("study_days", sa.column("id"), sa.column("title"), sa.column("lead"))


@app.get("/")
def page() -> str:
    """Show twenty rows."""
    rows = db.session.execute(sa.select(_DAYS.c.title, _DAYS.c.lead).order_by(_DAYS.c.id).limit(20)).all()
    return render_template_string(_PAGE, rows=rows, filler=_FILLER)
