"""The use cases that span rooms: basket, place, settle, cancel, expire."""
