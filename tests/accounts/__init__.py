"""Projects of several accounts."""
