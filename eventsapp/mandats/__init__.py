"""What a public body's order waits for until it is paid: purchase order, service done, deposit on Chorus Pro."""
