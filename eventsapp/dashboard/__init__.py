"""The office's first page: what is to be done today."""
