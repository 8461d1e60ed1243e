"""Shops: connections to them, and their customers, orders, products and what happened to orders.

https://developers.activecampaign.com/reference/list-all-connections
https://developers.activecampaign.com/reference/list-all-customers
https://developers.activecampaign.com/reference/list-all-orders
https://developers.activecampaign.com/reference/list-order-products
"""

from acflow.entities.model import Amount, Entity, Evidence, Field, Label, Nested, Offset, Type

STATES = {0: "pending", 1: "completed", 2: "abandoned", 3: "recovered", 4: "waiting"}
SOURCES = {0: "historical", 1: "live"}
PLAN = "A plan without e-commerce answers with 403 or with nothing; the entity then counts as forbidden, or is empty."
MINOR = (
    "Money is in the smallest unit of the currency, as the reference asks of those who write it; an integration that "
    "writes decimals instead leaves its amounts in _rejects, as they came."
)
CASES = "Codes of currencies come in upper and in lower case; they are kept in lower case, as those of deals are."


def _amounts(*names: tuple[str, str, str]) -> tuple[Amount, ...]:
    return tuple(Amount(name, of, "currency", f"{what}, in whole units of the currency.") for name, of, what in names)


ORDER_AMOUNTS = _amounts(
    ("order_amount", "totalPrice", "What the order comes to"),
    ("shipping_amount", "shippingAmount", "What is taken for shipping"),
    ("tax_amount", "taxAmount", "Taxes within the order"),
    ("discount_amount", "discountAmount", "What was taken off"),
)

CONNECTIONS = Entity(
    name="connections",
    description="Shops and other services that write customers and orders into the account.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    dropped=frozenset({"links", "credentialExpiration"}),
    shortened=frozenset({"linkUrl"}),
    derived=(
        Label("status_label", "status", {0: "error", 1: "connected"}, "The status in a word: error or connected."),
    ),
    fields=(
        Field("id", Type.ID, "Key of the connection, which customers and orders name in connectionid."),
        Field("service", Type.TEXT, "Kind of the service, such as shopify; custom integrations choose their own word."),
        Field("externalid", Type.TEXT, "Name of the shop within the service, such as its domain."),
        Field("name", Type.TEXT, "Name of the connection, as users see it."),
        Field("isInternal", Type.BOOLEAN, "Whether ActiveCampaign made the connection itself."),
        Field("status", Type.INTEGER, "Code of the state: 0 an error, 1 connected."),
        Field("syncStatus", Type.INTEGER, "Code of the synchronisation: 0 stopped, 1 running."),
        Field("lastSync", Type.TIMESTAMP, "When the shop was last synchronised; null if it never was."),
        Field("logoUrl", Type.TEXT, "Address of the shop's logo."),
        Field("linkUrl", Type.TEXT, "Address of the shop's own page; what stands behind a ? is cut off."),
        Field("listId", Type.FOREIGN_KEY, "List that the shop's customers join; null for none."),
        Field("cdate", Type.TIMESTAMP, "When the connection was made."),
        Field("udate", Type.TIMESTAMP, "When the connection was last edited."),
        *(
            Field(name, kind, words, evidence=Evidence.CLAIMED)
            for name, kind, words in (
                ("connectionType", Type.TEXT, "Kind of the connection, not documented."),
                ("serviceName", Type.TEXT, "Name of the service as users see it."),
                ("planTier", Type.TEXT, "Plan of the shop at its service, not documented."),
                ("sync_request_time", Type.TIMESTAMP, "When a synchronisation was last asked for."),
                ("sync_start_time", Type.TIMESTAMP, "When the last synchronisation began."),
                ("disconnectDate", Type.TIMESTAMP, "When the connection was cut; null while it holds."),
            )
        ),
    ),
    quirks=("An address may hold a secret behind its ?, so acflow keeps what stands before it.", PLAN),
)

ECOM_CUSTOMERS = Entity(
    name="ecomCustomers",
    description="Customers of the shops with their number of orders and revenue, one row per shop and address.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("email",),
    interest=("id", "email", "connectionid", "totalOrders", "totalRevenue", "totalProducts", "avgProductCategory"),
    derived=(
        Label(
            "scope",
            "connectionid",
            {0: "all connections"},
            "Says so where the row adds up all shops of an address, and must not be added once more; else null.",
        ),
    ),
    counters=frozenset({"totalRevenue", "totalOrders", "totalProducts", "avgRevenuePerOrder", "avgProductCategory"}),
    noise=frozenset({"tstamp"}),
    fields=(
        Field("id", Type.ID, "Key of the customer, which orders name in customerid."),
        Field("connectionid", Type.INTEGER, "Shop of the customer; 0 in rows that add up all shops."),
        Field("connection", Type.FOREIGN_KEY, "The same shop under its newer name; null in rows that add up."),
        Field("externalid", Type.TEXT, "Key of the customer within the shop; 0 in rows that add up."),
        Field("email", Type.TEXT, "Address of the customer, by which contacts are found."),
        Field("totalRevenue", Type.INTEGER, "Revenue so far, in the smallest unit; the row names no currency."),
        Field("totalOrders", Type.INTEGER, "Orders that the customer has made so far."),
        Field("totalProducts", Type.INTEGER, "Products that the customer has bought so far."),
        Field("avgRevenuePerOrder", Type.INTEGER, "Mean of the revenue per order as the account keeps it."),
        Field("avgProductCategory", Type.TEXT, "Category that the customer buys most."),
        Field(
            "acceptsMarketing",
            Type.BOOLEAN,
            "Whether the customer agreed to advertising in the shop.",
            evidence=Evidence.CLAIMED,
        ),
        Field("tstamp", Type.TIMESTAMP, "When the row was last written."),
    ),
    quirks=(
        "An address with several shops has a further row with connectionid 0 that adds them up: count scope is null.",
        "avgRevenuePerOrder does not always fit totalRevenue and totalOrders, so divide these instead.",
        "Customers whose contact was deleted are kept as deleted+…@example.com, without externalid.",
        PLAN,
    ),
)

ECOM_ORDERS = Entity(
    name="ecomOrders",
    description="Orders of the shops with their amounts, currency, state and dates, abandoned carts included.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("email",),
    interest=("id", "email", "orderNumber", "order_amount", "currency", "state_label", "externalCreatedDate"),
    derived=(
        Label("state_label", "state", STATES, "The state in a word; abandoned is a cart that was never paid."),
        Label("source_label", "source", SOURCES, "Historical or live; the vendor's own revenue counts live ones."),
        *ORDER_AMOUNTS,
    ),
    noise=frozenset({"tstamp", "updatedDate"}),
    fields=(
        Field("id", Type.ID, "Key of the order."),
        Field("externalid", Type.TEXT, "Key of the order within the shop; null for abandoned carts."),
        Field("externalcheckoutid", Type.TEXT, "Key of the cart within the shop; null where no cart was kept."),
        Field("source", Type.INTEGER, "Code of how the order came: 0 historical, 1 live."),
        Field("state", Type.INTEGER, "Code of the state, spelled out in state_label."),
        Field("email", Type.TEXT, "Address of who ordered."),
        Field("connectionid", Type.FOREIGN_KEY, "Shop that the order was made in."),
        Field("connection", Type.FOREIGN_KEY, "The same shop under its newer name."),
        Field("customerid", Type.FOREIGN_KEY, "Customer who ordered, a row of ecomCustomers."),
        Field("customer", Type.FOREIGN_KEY, "The same customer under its newer name."),
        Field("orderNumber", Type.TEXT, "Number of the order as the shop shows it."),
        Field("orderUrl", Type.TEXT, "Address of the order in the shop; what stands behind a ? is cut off."),
        Field("shippingMethod", Type.TEXT, "How the order is sent, in the shop's words."),
        Field("totalProducts", Type.INTEGER, "Products within the order."),
        Field("totalPrice", Type.INTEGER, "What the order comes to, in the smallest unit."),
        Field("shippingAmount", Type.INTEGER, "What is taken for shipping, in the smallest unit."),
        Field("taxAmount", Type.INTEGER, "Taxes within the order, in the smallest unit."),
        Field("discountAmount", Type.INTEGER, "What was taken off, in the smallest unit."),
        Field("currency", Type.TEXT, "Currency of the amounts, a code in lower case."),
        Field("orderDate", Type.TIMESTAMP, "When the order was made."),
        Field("externalCreatedDate", Type.TIMESTAMP, "When the shop created the order."),
        Field("externalUpdatedDate", Type.TIMESTAMP, "When the shop last changed the order."),
        Field("abandonedDate", Type.TIMESTAMP, "When the cart was given up; null for orders."),
        Field("createdDate", Type.TIMESTAMP, "When the order came into ActiveCampaign."),
        Field("updatedDate", Type.TIMESTAMP, "When the order was last changed in ActiveCampaign."),
        Field("tstamp", Type.TIMESTAMP, "When the row was last written."),
        Field("orderProducts", Type.JSON, "Keys of the order's products, as an array."),
        Field("orderDiscounts", Type.JSON, "Keys of the order's discounts, as an array.", evidence=Evidence.CLAIMED),
    ),
    shortened=frozenset({"orderUrl"}),
    lowered=frozenset({"currency"}),
    quirks=(
        MINOR,
        CASES,
        "Amounts are numbers in some answers and text in others; acflow takes both.",
        "No field names the campaign that brought an order; only dates and the address tie them.",
        "Orders written through the newer GraphQL API appear here later, by a lag that is not stated.",
        "Keys without a value are left out of rows, and are null here.",
        PLAN,
    ),
)

ECOM_ORDER_PRODUCTS = Entity(
    name="ecomOrderProducts",
    description="What was in each order: products with quantity, price and category.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    essential=("orderid",),
    noise=frozenset({"tstamp", "updatedDate"}),
    shortened=frozenset({"productUrl"}),
    fields=(
        Field("id", Type.ID, "Key of the line."),
        Field("orderid", Type.FOREIGN_KEY, "Order that the product is in."),
        Field("ecomOrder", Type.FOREIGN_KEY, "The same order under its newer name; may differ in odd accounts."),
        Field("connectionid", Type.FOREIGN_KEY, "Shop that the order was made in."),
        Field("externalid", Type.TEXT, "Key of the product within the shop."),
        Field("sku", Type.TEXT, "Stock number of the product; empty if it has none."),
        Field("name", Type.TEXT, "Name of the product."),
        Field("description", Type.TEXT, "Description of the product."),
        Field("category", Type.TEXT, "Category of the product."),
        Field("quantity", Type.INTEGER, "Pieces that were ordered."),
        Field("price", Type.INTEGER, "Price of one piece in the smallest unit of the order's currency."),
        Field("imageUrl", Type.TEXT, "Address of a picture of the product."),
        Field("productUrl", Type.TEXT, "Address of the product in the shop; what stands behind a ? is cut off."),
        Field("createdDate", Type.TIMESTAMP, "When the line came into ActiveCampaign."),
        Field("updatedDate", Type.TIMESTAMP, "When the line was last changed."),
        Field("tstamp", Type.TIMESTAMP, "When the row was last written."),
    ),
    quirks=(
        "The currency of a price is that of its order, so join ecomOrders on orderid before adding prices up.",
        "The answer has no total, so the list is read until it brings nothing new, and then once more.",
        PLAN,
    ),
)

ECOM_ORDER_DISCOUNTS = Entity(
    name="ecomOrderDiscounts",
    description="Discounts of each order, with their names and amounts.",
    evidence=Evidence.DOCUMENTED,
    endpoint="ecomOrders/{}/orderDiscounts",
    rows_key="ecomOrderDiscounts",
    paging=Nested(ECOM_ORDERS, "orderid"),
    essential=("orderid",),
    fields=(
        Field("id", Type.ID, "Key of the discount."),
        Field("orderid", Type.FOREIGN_KEY, "Order that it was taken off."),
        Field("name", Type.TEXT, "Name or code of the discount."),
        Field("type", Type.TEXT, "What it is taken off: order, or shipping."),
        Field("discountAmount", Type.INTEGER, "What was taken off, in the smallest unit of the order's currency."),
        Field("createdDate", Type.TIMESTAMP, "When the discount came into ActiveCampaign."),
        Field("updatedDate", Type.TIMESTAMP, "When the discount was last changed."),
    ),
    quirks=(
        "There is no list of all discounts: each order takes a request, so a large shop takes hours.",
        "The sum per order stands in discountAmount of ecomOrders, at no request more.",
        PLAN,
    ),
)

ECOM_ORDER_ACTIVITIES = Entity(
    name="ecomOrderActivities",
    description="What happened to orders: one row each time an order was placed, changed, abandoned or recovered.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    essential=("orderid",),
    derived=(Label("state_label", "state", STATES, "The state in a word, as in ecomOrders."), *ORDER_AMOUNTS),
    shortened=frozenset({"orderUrl", "order_url"}),
    lowered=frozenset({"currency"}),
    fields=(
        Field("id", Type.ID, "Key of the event."),
        Field("orderid", Type.FOREIGN_KEY, "Order that it happened to."),
        Field("order", Type.FOREIGN_KEY, "The same order under its newer name."),
        Field("connectionid", Type.FOREIGN_KEY, "Shop that the order was made in."),
        Field("connection", Type.FOREIGN_KEY, "The same shop under its newer name."),
        Field("customerid", Type.FOREIGN_KEY, "Customer who ordered."),
        Field("externalid", Type.TEXT, "Key of the order within the shop."),
        Field("externalcheckoutid", Type.TEXT, "Key of the cart within the shop."),
        Field("source", Type.INTEGER, "Code of how the order came: 0 historical, 1 live."),
        Field("state", Type.INTEGER, "Code of the order's state after it happened."),
        Field("orderNumber", Type.TEXT, "Number of the order as the shop shows it.", aliases=("order_number",)),
        Field("email", Type.TEXT, "Address of who ordered."),
        Field("totalPrice", Type.INTEGER, "What the order came to, in the smallest unit.", aliases=("total_price",)),
        Field("discountAmount", Type.INTEGER, "What was taken off, smallest unit.", aliases=("discount_amount",)),
        Field("shippingAmount", Type.INTEGER, "Shipping, in the smallest unit.", aliases=("shipping_amount",)),
        Field("taxAmount", Type.INTEGER, "Taxes, in the smallest unit.", aliases=("tax_amount",)),
        Field("totalProducts", Type.INTEGER, "Products within the order.", aliases=("total_products",)),
        Field("currency", Type.TEXT, "Currency of the amounts, in lower case."),
        Field("shippingMethod", Type.TEXT, "How the order is sent, in the shop's words.", aliases=("shipping_method",)),
        Field("storeName", Type.TEXT, "Name of the shop that the order was made in.", aliases=("store_name",)),
        Field("logoUrl", Type.TEXT, "Address of the shop's logo.", aliases=("logo_url",)),
        Field("orderUrl", Type.TEXT, "Address of the order in the shop, without what ? adds.", aliases=("order_url",)),
        *(
            Field(name, Type.TIMESTAMP, words, aliases=(other,))
            for name, other, words in (
                ("externalCreatedDate", "external_created_date", "When the shop created the order."),
                ("externalUpdatedDate", "external_updated_date", "When the shop last changed the order."),
                ("abandonedDate", "abandoned_date", "When the cart was given up; null for orders."),
                ("createdDate", "created_date", "When the event came into ActiveCampaign."),
                ("updatedDate", "updated_date", "When the event was last changed."),
            )
        ),
    ),
    quirks=(
        MINOR,
        "Not in the public reference; a reader of real accounts names it, and both spellings of its keys are taken.",
        PLAN,
    ),
)

COMMERCE = (
    CONNECTIONS,
    ECOM_CUSTOMERS,
    ECOM_ORDERS,
    ECOM_ORDER_PRODUCTS,
    ECOM_ORDER_DISCOUNTS,
    ECOM_ORDER_ACTIVITIES,
)
