"""The JSON interface under ``/api/v1/``, its documentation, and the office's page of tokens.

All resources live here and not in each room's ``web/api.py``: they share one OpenAPI document, one way of reading
bodies, of refusing and of letting programs in, and a study day shows reports and speakers of higher rooms anyway.
Nobody imports these modules but the list of blueprints; they read through queries and write through services.
"""
