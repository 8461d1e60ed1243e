"""The source: reads an account through ActiveCampaign's REST API v3, and nothing else."""
