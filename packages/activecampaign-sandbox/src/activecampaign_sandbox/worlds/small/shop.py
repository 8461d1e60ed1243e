"""The web shop and the trade shop: who ordered what, which baskets were left, and what the account counts of it.

Every order belongs to a contact by the customer's address; its products, shipping, taxes and discounts add up to its
price, and the customers' revenue is the sum of their orders that were paid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.worlds.dice import Dice
from activecampaign_sandbox.worlds.small.people import DAY, EUROPE, Person

Given = dict[int, dict[str, Any]]
WEB, TRADE = 1, 2
SHOPS = (("shopify", "larkspur-tea.example.com", "Larkspur Tea shop"), ("trade", "trade-desk", "Trade shop"))
PRODUCTS = (  # name, category, price in cents
    ("Assam Breakfast", "Black", 1290),
    ("Earl Grey", "Black", 1190),
    ("Sencha", "Green", 1590),
    ("Gunpowder", "Green", 990),
    ("Milk Oolong", "Oolong", 1890),
    ("Camomile", "Herbal", 790),
    ("Masala Chai", "Chai", 1090),
    ("Silver Needle", "White", 2990),
    ("Glass teapot", "Ware", 3490),
)
SHIPPING, FREE_FROM = 490, 5000
TAX_PERCENT, VOUCHER_PERCENT = 8, 10
PENDING, COMPLETED, ABANDONED, RECOVERED, WAITING = range(5)
PAID = frozenset({COMPLETED, RECOVERED})
RATES = {"usd": 1.0, "eur": 0.9, "jpy": 1.5}  # cents to the smallest unit of the currency
HISTORICAL = 900 * DAY  # before now: what was imported when the shop was connected


@dataclass(frozen=True, slots=True)
class Order:
    """One order or basket: pieces by place in PRODUCTS, amounts in the smallest unit of its currency."""

    key: int
    person: Person
    shop: int
    customer: int
    at: datetime
    state: int
    currency: str
    lines: tuple[tuple[int, int], ...]
    voucher: bool

    def price(self, product: int) -> int:
        """Return the price of one piece."""
        return round(PRODUCTS[product][2] * RATES[self.currency])

    @property
    def goods(self) -> int:
        """Return what the products come to."""
        return sum(self.price(product) * pieces for product, pieces in self.lines)

    @property
    def discount(self) -> int:
        """Return what a voucher takes off."""
        return self.goods * VOUCHER_PERCENT // 100 if self.voucher else 0

    @property
    def shipping(self) -> int:
        """Return what the parcel costs; large orders go free."""
        return 0 if self.goods >= FREE_FROM else round(SHIPPING * RATES[self.currency])

    @property
    def tax(self) -> int:
        """Return the taxes."""
        return (self.goods - self.discount) * TAX_PERCENT // 100

    @property
    def total(self) -> int:
        """Return what is to be paid."""
        return self.goods - self.discount + self.shipping + self.tax

    @property
    def pieces(self) -> int:
        """Return the number of products."""
        return sum(pieces for _, pieces in self.lines)


@dataclass(slots=True)
class Shop:
    """Orders, and customers as (person, shop; 0 for all shops), both in the order of their ids; addresses by person."""

    emails: Mapping[int, str]
    orders: list[Order] = field(default_factory=list)
    customers: list[tuple[Person, int]] = field(default_factory=list)
    by_person: dict[int, list[Order]] = field(default_factory=dict)


def opened(random: Dice, crowd: Sequence[Person], emails: Mapping[int, str], now: datetime) -> Shop:
    """Let everybody who orders do so, and some leave a basket."""
    drafts = sorted(_drafts(random, crowd, now), key=lambda draft: (draft[0], draft[1].key))
    shop = Shop(emails)
    known: dict[tuple[int, int], int] = {}
    for key, (at, person, place, state) in enumerate(drafts, start=1):
        if (person.key, place) not in known:
            shop.customers.append((person, place))
            known[person.key, place] = len(shop.customers)
        currency = "jpy" if person.key % 17 == 0 else "eur" if EUROPE in person.lists else "usd"
        chosen = random.sample(range(len(PRODUCTS)), random.randint(1, 3))
        lines = tuple((product, random.randint(1, 4 if place == WEB else 20)) for product in chosen)
        customer = known[person.key, place]
        when = at.replace(microsecond=0)
        shop.orders.append(Order(key, person, place, customer, when, state, currency, lines, random.happens(0.2)))
        shop.by_person.setdefault(person.key, []).append(shop.orders[-1])
    both = [person for person, place in shop.customers if place == WEB and (person.key, TRADE) in known]
    shop.customers += [(person, 0) for person in both]
    return shop


def _drafts(random: Dice, crowd: Sequence[Person], now: datetime) -> Iterator[tuple[datetime, Person, int, int]]:
    """Yield when somebody ordered in which shop, and what became of it."""
    for person in crowd:
        life = now - person.created
        for _ in range(person.orders):
            place = TRADE if person.firm and random.happens(0.5) else WEB
            state = random.choices((COMPLETED, PENDING, RECOVERED, WAITING), (0.9, 0.03, 0.05, 0.02))[0]
            yield person.created + life * random.random(), person, place, state
        if person.orders and random.happens(0.3):
            yield person.created + life * random.random(), person, WEB, ABANDONED


def connection_rows(now: datetime) -> Given:
    """Return the two shops."""
    return {
        key: {
            "service": service,
            "externalid": name,
            "name": title,
            "serviceName": service.title(),
            "linkUrl": f"https://{name}/admin?key=made-up",
            "listId": "3" if key == WEB else "0",
            "cdate": clock.stamp(now - HISTORICAL),
            "udate": clock.stamp(now - 30 * DAY),
            "lastSync": clock.stamp(now - timedelta(hours=1)),
        }
        for key, (service, name, title) in enumerate(SHOPS, start=1)
    }


def customer_rows(shop: Shop) -> Given:
    """Return the customers of each shop, and for those of both a further row that adds up."""
    return {key: _customer(shop, person, place) for key, (person, place) in enumerate(shop.customers, start=1)}


def _customer(shop: Shop, person: Person, place: int) -> dict[str, Any]:
    mine = [order for order in shop.by_person[person.key] if place in {0, order.shop}]
    paid = [order for order in mine if order.state in PAID]
    revenue = sum(order.total for order in paid)
    categories = [PRODUCTS[product][1] for order in paid for product, _ in order.lines]
    return {
        "connectionid": str(place),
        "connection": str(place) if place else None,
        "externalid": f"c{person.key}" if place else "0",
        "email": shop.emails[person.key],
        "totalRevenue": str(revenue),
        "totalOrders": str(len(paid)),
        "totalProducts": str(sum(order.pieces for order in paid)),
        "avgRevenuePerOrder": str(revenue // len(paid)) if paid else "0",
        "avgProductCategory": max(sorted(set(categories)), key=categories.count) if categories else "",
        "tstamp": clock.stamp(max(order.at for order in mine)),
    }


def order_rows(shop: Shop, now: datetime) -> Given:
    """Return the orders and the baskets that were left."""
    first, found = 1, {}
    for order in shop.orders:
        products = [str(first + place) for place in range(len(order.lines))]
        first += len(products)
        at = clock.stamp(order.at)
        given = {**_amounts(shop, order), "orderDate": at, "orderProducts": products, "tstamp": at}
        given["source"] = "0" if order.at < now - HISTORICAL else "1"
        if order.voucher:
            given["orderDiscounts"] = [str(order.key)]
        found[order.key] = given
    return found


def _amounts(shop: Shop, order: Order) -> dict[str, Any]:
    at = clock.stamp(order.at)
    basket = order.state == ABANDONED
    return {
        "externalid": None if basket else f"o{order.key}",
        "externalcheckoutid": f"b{order.key}" if order.state in {ABANDONED, RECOVERED} else None,
        "abandonedDate": clock.stamp(order.at + timedelta(hours=1)) if basket else None,
        "orderNumber": None if basket else str(10_000 + order.key),
        "email": shop.emails[order.person.key],
        "currency": order.currency.upper() if order.key % 5 == 0 else order.currency,
        "connectionid": str(order.shop),
        "customerid": str(order.customer),
        "totalPrice": order.total,
        "shippingAmount": order.shipping,
        "taxAmount": order.tax,
        "discountAmount": order.discount,
        "totalProducts": order.pieces,
        "state": order.state,
        "externalCreatedDate": at,
        "externalUpdatedDate": at,
        "createdDate": at,
        "updatedDate": at,
    }


def product_rows(shop: Shop) -> Given:
    """Return every line of every order."""
    lines = [(order, product, pieces) for order in shop.orders for product, pieces in order.lines]
    return {key: _line(*line) for key, line in enumerate(lines, start=1)}


def _line(order: Order, product: int, pieces: int) -> dict[str, Any]:
    name, category, _ = PRODUCTS[product]
    at = clock.stamp(order.at)
    return {
        "orderid": str(order.key),
        "connectionid": str(order.shop),
        "externalid": f"p{product + 1}",
        "sku": f"TEA-{product + 1:03d}",
        "name": name,
        "category": category,
        "price": str(order.price(product)),
        "quantity": str(pieces),
        "createdDate": at,
        "updatedDate": at,
        "tstamp": at,
    }


def discount_rows(shop: Shop) -> Given:
    """Return the vouchers that were used."""
    return {
        order.key: {
            "orderid": str(order.key),
            "name": "TEATIME",
            "discountAmount": str(order.discount),
            "createdDate": clock.stamp(order.at),
        }
        for order in shop.orders
        if order.voucher
    }


def activity_rows(shop: Shop) -> Given:
    """Return what happened to each order: it was placed or left, and some were recovered later."""
    events: list[tuple[datetime, Order, int]] = []
    for order in shop.orders:
        if order.state == RECOVERED:
            events.append((order.at - timedelta(hours=20), order, ABANDONED))
        events.append((order.at, order, order.state))
    found: Given = {}
    for key, (at, order, state) in enumerate(sorted(events, key=lambda one: (one[0], one[1].key)), start=1):
        given: Mapping[str, Any] = {"orderid": str(order.key), "storeName": SHOPS[order.shop - 1][2]}
        moment = clock.stamp(at)
        dated = dict.fromkeys(("externalUpdatedDate", "createdDate", "updatedDate"), moment)
        found[key] = {**_amounts(shop, order), **given, **dated, "state": state}
    return found
