"""acflow reads a whole ActiveCampaign account, proves that nothing is missing, and lands it as typed tables."""

__version__ = "0.2.0"
