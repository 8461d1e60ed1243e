"""Shops, their customers and orders, and what automations consist of."""

from activecampaign_sandbox.endpoints.model import Endpoint
from activecampaign_sandbox.endpoints.template import Of, Template
from activecampaign_sandbox.filters import Equal

_ORDER = {
    "externalid": "order-{key}",
    "source": "1",
    "email": "",
    "currency": "USD",
    "connectionid": "1",
    "customerid": "1",
    "orderUrl": "https://shop.example.com/orders/{key}?token=made-up",
    "shippingMethod": "Parcel",
    "totalPrice": 0,
    "shippingAmount": 0,
    "taxAmount": 0,
    "discountAmount": 0,
    "externalCreatedDate": Of.MADE,
    "externalUpdatedDate": Of.MADE,
    "totalProducts": 0,
    "createdDate": Of.MADE,
    "updatedDate": Of.MADE,
    "state": 1,
    "orderNumber": None,
    "externalcheckoutid": None,
    "abandonedDate": None,
}

CONNECTIONS = Endpoint(
    "connections",
    "connection",
    "Connection",
    filters={"filters[service]": Equal("service"), "filters[externalid]": Equal("externalid")},
    grade="documented",
    template=Template(
        {
            "service": "shopify",
            "externalid": "shop-{key}.example.com",
            "name": "Shop {key}",
            "isInternal": "0",
            "connectionType": "ecommerce",
            "serviceName": "Shopify",
            "planTier": None,
            "status": "1",
            "syncStatus": "0",
            "sync_request_time": None,
            "sync_start_time": None,
            "lastSync": None,
            "disconnectDate": None,
            "credentialExpiration": None,
            "logoUrl": "",
            "linkUrl": "https://shop.example.com/?key=made-up",
            "listId": "0",
            "cdate": Of.MADE,
            "udate": Of.MADE,
            "id": Of.KEY,
        },
        links=("customers",),
    ),
)

ECOM_CUSTOMERS = Endpoint(
    "ecomCustomers",
    "ecomCustomer",
    "EcomCustomer",
    filters={f"filters[{name}]": Equal(name) for name in ("email", "externalid", "connectionid")},
    created="tstamp",
    touched="tstamp",
    parents={"connections": "connection"},
    grade="documented",
    template=Template(
        {
            "connectionid": "1",
            "externalid": "customer-{key}",
            "email": "",
            "acceptsMarketing": "1",
            "totalRevenue": "0",
            "totalOrders": "0",
            "totalProducts": "0",
            "avgRevenuePerOrder": "0",
            "avgProductCategory": "",
            "tstamp": Of.MADE,
            "id": Of.KEY,
            "connection": "1",
        },
        links=("connection", "orders"),
        twins={"connection": "connectionid"},
    ),
)

ECOM_ORDERS = Endpoint(
    "ecomOrders",
    "ecomOrder",
    "EcomOrder",
    orders={
        name: name for name in ("connectionid", "externalid", "externalcheckoutid", "email", "state", "customerid")
    },
    filters={
        f"filters[{name}]": Equal(name)
        for name in ("connectionid", "externalid", "externalcheckoutid", "email", "state", "customerid")
    },
    created="externalCreatedDate",
    touched="tstamp",
    parents={"connections": "connection", "ecomCustomers": "customer"},
    grade="documented",
    template=Template(
        {
            **_ORDER,
            "orderProducts": [],
            "orderDiscounts": None,
            "orderDate": Of.MADE,
            "tstamp": Of.MADE,
            "id": Of.KEY,
            "connection": "1",
            "customer": "1",
        },
        links=("connection", "customer", "orderProducts", "orderDiscounts", "orderActivities"),
        twins={"connection": "connectionid", "customer": "customerid"},
        sparse=frozenset({"orderNumber", "externalcheckoutid", "abandonedDate", "orderDiscounts"}),
    ),
)

ECOM_ORDER_PRODUCTS = Endpoint(
    "ecomOrderProducts",
    "ecomOrderProduct",
    "EcomOrderProduct",
    total="absent",
    created="createdDate",
    touched="updatedDate",
    below="orderProducts",
    parents={"ecomOrders": "orderid"},
    grade="documented",
    template=Template(
        {
            "orderid": "1",
            "connectionid": "1",
            "externalid": "product-{key}",
            "sku": "",
            "name": "Product {key}",
            "description": "",
            "price": "0",
            "quantity": "1",
            "category": "",
            "imageUrl": "",
            "productUrl": "",
            "createdDate": Of.MADE,
            "updatedDate": Of.MADE,
            "tstamp": Of.MADE,
            "id": Of.KEY,
            "ecomOrder": "1",
        },
        links=("ecomOrder",),
        twins={"ecomOrder": "orderid"},
    ),
)

ECOM_ORDER_DISCOUNTS = Endpoint(
    "ecomOrderDiscounts",
    "ecomOrderDiscount",
    "EcomOrderDiscount",
    created="createdDate",
    touched="updatedDate",
    below="orderDiscounts",
    listed=False,
    parents={"ecomOrders": "orderid"},
    grade="documented",
    template=Template(
        {
            "orderid": "1",
            "name": "DISCOUNT-{key}",
            "type": "order",
            "discountAmount": "0",
            "createdDate": Of.MADE,
            "updatedDate": Of.MADE,
            "id": Of.KEY,
        }
    ),
)

ECOM_ORDER_ACTIVITIES = Endpoint(
    "ecomOrderActivities",
    "ecomOrderActivity",
    "EcomOrderActivity",
    created="createdDate",
    touched="updatedDate",
    below="orderActivities",
    parents={"ecomOrders": "orderid"},
    grade="claimed",
    template=Template(
        {
            "orderid": "1",
            **_ORDER,
            "storeName": "Shop",
            "logoUrl": "",
            "id": Of.KEY,
            "connection": "1",
            "order": "1",
        },
        links=("order", "connection"),
        twins={"connection": "connectionid", "order": "orderid"},
    ),
)

AUTOMATION_BLOCKS = Endpoint(
    "automationBlocks",
    "automationBlock",
    "AutomationBlock",
    touched="mdate",
    parents={"automations": "automation"},
    below="blocks",
    below_keys={name: name for name in ("id", "ordernum", "type", "params")}
    | {"seriesid": "automation", "parentid": "parent"},
    grade="claimed",
    template=Template(
        {
            "automation": "1",
            "parent": "0",
            "ordernum": "0",
            "type": "wait",
            "params": {},
            "deleted": "0",
            "cdate": Of.MADE,
            "mdate": Of.MADE,
            "id": Of.KEY,
        },
        links=("automation",),
    ),
)

GOALS = Endpoint(
    "goals",
    "goal",
    "Goal",
    touched=None,
    parents={"automations": "automation"},
    grade="claimed",
    template=Template(
        {
            "blockid": "1",
            "seriesid": "1",
            "name": "Goal {key}",
            "cdate": Of.MADE,
            "dirty_stats": "0",
            "id": Of.KEY,
            "automation": "1",
            "automationBlock": "1",
        },
        links=("automation", "contactGoals"),
        twins={"automation": "seriesid", "automationBlock": "blockid"},
    ),
)

CONTACT_GOALS = Endpoint(
    "contactGoals",
    "contactGoal",
    "SubscriberGoal",
    created="tstamp",
    touched=None,
    parents={"contacts": "contact", "automations": "automation"},
    grade="claimed",
    template=Template(
        {
            "goalid": "1",
            "seriesid": "1",
            "subscriberid": "1",
            "subscriberseriesid": "1",
            "timespan": "0",
            "tstamp": Of.MADE,
            "id": Of.KEY,
            "goal": "1",
            "automation": "1",
            "contact": "1",
            "contactAutomation": "1",
        },
        links=("goal", "automation", "contact", "contactAutomation"),
        twins={
            "goal": "goalid",
            "automation": "seriesid",
            "contact": "subscriberid",
            "contactAutomation": "subscriberseriesid",
        },
    ),
)

SMS = Endpoint(
    "sms",
    "sms",
    "Sms",
    created="tstamp",
    touched="tstamp",
    counters=frozenset({"sent", "failed", "unsubscribes", "replies", "uniquereplies"}),
    parents={"automations": "automation"},
    grade="claimed",
    template=Template(
        {
            "userid": "1",
            "seriesid": "1",
            "name": "Text {key}",
            "msg": "",
            "tstamp": Of.MADE,
            "tf_day": "",
            "tf_hr_from": "0",
            "tf_hr_to": "0",
            **dict.fromkeys(("sent", "failed", "unsubscribes", "replies", "uniquereplies"), "0"),
            "sdate": None,
            "ldate": None,
            "id": Of.KEY,
            "user": "1",
            "automation": "1",
        },
        links=("user", "automation"),
        twins={"automation": "seriesid", "user": "userid"},
    ),
)

SITE_MESSAGES = Endpoint(
    "siteMessages",
    "siteMessage",
    "SiteMessage",
    created=None,
    touched=None,
    parents={"automations": "automation"},
    grade="claimed",
    template=Template(
        {"name": "Site message {key}", "automation": "1", "template": {"initial": {}}, "ldate": None, "id": Of.KEY}
    ),
)

COMMERCE = (
    CONNECTIONS,
    ECOM_CUSTOMERS,
    ECOM_ORDERS,
    ECOM_ORDER_PRODUCTS,
    ECOM_ORDER_DISCOUNTS,
    ECOM_ORDER_ACTIVITIES,
    AUTOMATION_BLOCKS,
    GOALS,
    CONTACT_GOALS,
    SMS,
    SITE_MESSAGES,
)
