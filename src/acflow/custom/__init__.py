"""Custom fields, wide and typed: a column per field beside the long tables that the API sends."""

from acflow.custom.model import FORECAST, CustomField
from acflow.custom.registry import REGISTRY, known_fields
from acflow.custom.widen import widen

__all__ = ["FORECAST", "REGISTRY", "CustomField", "known_fields", "widen"]
