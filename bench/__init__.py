"""Benchmarks: how the application compares, within one run, with a bare Flask page and a bare Flask hello."""
