"""Messages in the office, and the page of those who want no more of them."""
