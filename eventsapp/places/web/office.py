"""Venues and cities in the office."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import lists, refusals
from eventsapp.places import queries
from eventsapp.places import service as places
from eventsapp.places.models import City, Venue
from eventsapp.places.web.forms import CityForm, VenueForm

blueprint = Blueprint("places_office", __name__, url_prefix="/organisation")


@blueprint.get("/lieux/")
@requires(Permission.STUDY_DAYS_EDIT)
def venues() -> ResponseReturnValue:
    """List the venues."""
    return lists.answer(
        queries.venue_list(),
        template="places/office/venues.html",
        row_url=lambda venue: url_for(".venue", venue_id=venue.id),
        empty_action=(_("Ajouter un lieu"), url_for(".new_venue")),
    )


@blueprint.route("/lieux/nouveau/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def new_venue() -> ResponseReturnValue:
    """Make a venue."""
    return _venue_page(None)


@blueprint.route("/lieux/<int:venue_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def venue(venue_id: int) -> ResponseReturnValue:
    """Change a venue."""
    return _venue_page(queries.venue_by_id(venue_id) or abort(404))


@blueprint.post("/lieux/<int:venue_id>/supprimer/")
@requires(Permission.STUDY_DAYS_EDIT)
def delete_venue(venue_id: int) -> ResponseReturnValue:
    """Remove a venue where no day is held."""
    found = queries.venue_by_id(venue_id) or abort(404)
    form = _form_of_venue(found)
    try:
        places.delete_venue(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return render_template("places/office/venue.html", form=form, venue=found), refusal.status
    flash(_("Le lieu est supprimé."), "success")
    return redirect(url_for(".venues"), 303)


@blueprint.get("/villes/")
@requires(Permission.STUDY_DAYS_EDIT)
def cities() -> ResponseReturnValue:
    """List the cities."""
    return lists.answer(
        queries.city_list(),
        template="places/office/cities.html",
        row_url=lambda city: url_for(".city", city_id=city.id),
        empty_action=(_("Ajouter une ville"), url_for(".new_city")),
    )


@blueprint.route("/villes/nouvelle/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def new_city() -> ResponseReturnValue:
    """Make a city."""
    return _city_page(None)


@blueprint.route("/villes/<int:city_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def city(city_id: int) -> ResponseReturnValue:
    """Change a city."""
    return _city_page(queries.city_by_id(city_id) or abort(404))


@blueprint.post("/villes/<int:city_id>/supprimer/")
@requires(Permission.STUDY_DAYS_EDIT)
def delete_city(city_id: int) -> ResponseReturnValue:
    """Remove a city where nothing is."""
    found = queries.city_by_id(city_id) or abort(404)
    form = CityForm(formdata=None, data=CityForm.of(found))
    try:
        places.delete_city(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return render_template("places/office/city.html", form=form, city=found), refusal.status
    flash(_("La ville est supprimée."), "success")
    return redirect(url_for(".cities"), 303)


def _venue_page(found: Venue | None) -> ResponseReturnValue:
    form = VenueForm(data=VenueForm.of(found) if found else None)
    form.offer(queries.cities())
    if not form.validate_on_submit():
        return render_template("places/office/venue.html", form=form, venue=found), 422 if form.errors else 200
    try:
        places.save_venue(found, values=form.values(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return render_template("places/office/venue.html", form=form, venue=found), refusal.status
    flash(_("Le lieu est enregistré."), "success")
    return redirect(url_for(".venues"), 303)


def _city_page(found: City | None) -> ResponseReturnValue:
    form = CityForm(data=CityForm.of(found) if found else None)
    if not form.validate_on_submit():
        return render_template("places/office/city.html", form=form, city=found), 422 if form.errors else 200
    places.save_city(found, values=form.values(), actor=current_user, now=clock.now())
    flash(_("La ville est enregistrée."), "success")
    return redirect(url_for(".cities"), 303)


def _form_of_venue(found: Venue) -> VenueForm:
    form = VenueForm(formdata=None, data=VenueForm.of(found))
    form.offer(queries.cities())
    return form
