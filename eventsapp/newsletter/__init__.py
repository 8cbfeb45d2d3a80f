"""The newsletter: who asked for it and confirmed that, a draft a week, each letter once to each reader."""
