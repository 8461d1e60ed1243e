"""The use cases, as functions over a `Project`; each front parses, calls one of them, and renders the result."""
