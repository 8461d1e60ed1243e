"""Tools for assistants by the Model Context Protocol: at `/mcp` of `acflow serve`, and on stdio by `acflow mcp`."""
