"""Series, themes, days, sessions, interventions, rates, documents."""
