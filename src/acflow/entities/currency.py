"""How many decimals a currency has: the exponent of ISO 4217.

Source: ISO 4217:2015, list one (current currencies and funds), kept by SIX as the standard's maintenance agency,
https://www.six-group.com/en/products-services/financial-information/data-standards.html
"""

from collections.abc import Mapping
from types import MappingProxyType

DEFAULT_EXPONENT = 2

_NONE = (
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
)
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_FOUR = ("CLF", "UYW")

EXPONENTS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(_NONE, 0) | dict.fromkeys(_THREE, 3) | dict.fromkeys(_FOUR, 4),
)
"""Only the currencies that do not have two decimals."""


def exponent(code: str | None) -> int:
    """Return the number of decimals; deals write the code in lower case, their totals in upper case.

    An empty or unknown code counts as one with two decimals, as nearly all have.
    """
    return EXPONENTS.get((code or "").strip().upper(), DEFAULT_EXPONENT)
