"""Invented people and firms, at domains that are set aside for examples."""

import unicodedata

FIRST = (
    *("Ada", "Amir", "Anouk", "Bela", "Bruno", "Carmen", "Cleo", "Dario", "Delia", "Edith", "Elio", "Emeka", "Esme"),
    *("Farid", "Fenna", "Gita", "Greta", "Hana", "Hugo", "Ines", "Ivo", "Jonas", "Jun", "Kaya", "Kofi", "Lena", "Leo"),
    *("Lotte", "Malik", "Mara", "Mina", "Nadia", "Niels", "Nora", "Odile", "Omar", "Otis", "Paula", "Petra", "Quinn"),
    *("Rafa", "Rhea", "Rosa", "Samir", "Selma", "Signe", "Tariq", "Tessa", "Theo", "Uma", "Vera", "Viggo", "Wanda"),
    *("Xenia", "Yara", "Yusuf", "Zoe", "Zuri"),
)
LAST = (
    *("Abara", "Alder", "Amaro", "Ashdown", "Barrow", "Bexley", "Birch", "Bramley", "Calder", "Castell", "Corbin"),
    *("Dalgard", "Denholm", "Drexel", "Eklund", "Elmore", "Falk", "Fenwick", "Ferro", "Galloway", "Garnet", "Hale"),
    *("Harrow", "Heath", "Holm", "Iversen", "Jarrow", "Keller", "Kestrel", "Kimura", "Laurier", "Linden", "Lowell"),
    *("Marlow", "Merrick", "Moreau", "Nakano", "Norwood", "Okoro", "Orchard", "Pell", "Pereira", "Quill", "Radley"),
    *("Ravn", "Rowan", "Sable", "Santoro", "Selwyn", "Sorrel", "Stroud", "Tamm", "Thorne", "Ueda", "Vance", "Varga"),
    *("Wells", "Wexford", "Winslow", "Yarrow", "Zeller", "O'Dell", "de Vries", "Núñez", "Brück", "Łoś"),
)
FIRM = ("Amber", "Bluebell", "Copper", "Driftwood", "Ember", "Fern", "Granite", "Harbour", "Ivy", "Juniper", "Kite")
TRADE = ("Café", "Deli", "Foods", "Grocers", "Hotel", "Kitchen", "Market", "Provisions", "Rooms", "Tearoom")
PLACE = ("North", "South", "Quay", "Hill", "Mill", "Bridge", "Park")
DOMAINS = ("example.com", "example.com", "example.org", "example.net", "mail.example.com", "post.example.org")

FIRMS = tuple(f"{place} {firm} {trade}" for place in PLACE for firm in FIRM for trade in TRADE[:2]) + tuple(
    f"{firm} {trade}" for firm in FIRM for trade in TRADE
)


def plain(name: str) -> str:
    """Return a name as it can stand in an address."""
    ascii_name = unicodedata.normalize("NFKD", name.replace("Ł", "L")).encode("ascii", "ignore").decode()
    return ascii_name.lower().replace("'", "").replace(" ", "")
