"""Data flows: what the flow file says, the SQL that it means, and the order to run it in. All of it pure."""
