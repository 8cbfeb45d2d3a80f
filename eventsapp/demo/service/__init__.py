"""Loading the demonstration, step by step; what is there already stays as it is."""

from eventsapp.demo.service._steps import Step, steps
from eventsapp.demo.service._team import PASSWORD, subscribed_siret, team

__all__ = ["PASSWORD", "Step", "steps", "subscribed_siret", "team"]
