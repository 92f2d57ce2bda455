"""The handbook: a page for every indicator and role."""
