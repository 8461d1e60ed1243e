"""The process that stays: flows run when they are due or when an address is called, and others are told."""
