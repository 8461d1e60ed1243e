"""Who got which mail and what they did with it, made so that it adds up to the campaigns' own counters."""
