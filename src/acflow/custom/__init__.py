"""Custom fields, wide and typed: a column per field beside the long tables that the API sends."""
