"""The newsroom's pages in the office."""
