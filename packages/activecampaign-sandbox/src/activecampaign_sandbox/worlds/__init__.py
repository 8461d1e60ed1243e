"""The accounts that the sandbox can imitate."""
