"""Reminding those who have not paid: steps by payment method, letters, pauses, interest of public bodies."""
