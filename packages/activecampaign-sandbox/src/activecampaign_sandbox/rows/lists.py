"""Lists: 52 keys, three of them credentials."""

from collections.abc import Mapping
from typing import Any

from activecampaign_sandbox import clock
from activecampaign_sandbox.wire import Row, relations

ZERO_FLAGS = (
    *("p_use_analytics_read", "p_use_analytics_link", "p_use_twitter", "p_use_facebook"),
    *("send_last_broadcast", "private"),
)
SENDER = (
    *("sender_name", "sender_addr1", "sender_addr2", "sender_city", "sender_state", "sender_zip"),
    *("sender_country", "sender_phone"),
)


def mailing_list(key: int, given: Mapping[str, Any]) -> Row:
    """Return a list that nobody is on."""
    created = given.get("cdate") or clock.stamp(clock.NOW)
    name = given.get("name", f"List {key}")
    owner = given.get("userid", "1")
    row: Row = {
        "stringid": "-".join(name.lower().split()),
        "userid": owner,
        "name": name,
        "cdate": created,
        "p_use_tracking": "1",
        **dict.fromkeys(ZERO_FLAGS, "0"),
        "p_embed_image": "1",
        "p_use_captcha": "1",
        "analytics_domains": None,
        "analytics_source": "",
        "analytics_ua": "",
        "twitter_token": "",
        "twitter_token_secret": "",
        "facebook_session": None,
        "carboncopy": "",
        "subscription_notify": "",
        "unsubscription_notify": "",
        "require_name": "0",
        "get_unsubscribe_reason": "0",
        "to_name": "Subscriber",
        "optinoptout": "1",
        **dict.fromkeys(SENDER, ""),
        "sender_url": "https://example.com",
        "sender_reminder": "You signed up on our website.",
        "fulladdress": "",
        "optinmessageid": "0",
        "optoutconf": "0",
        "deletestamp": None,
        "udate": None,
        "created_timestamp": clock.without_zone(created),
        "updated_timestamp": clock.without_zone(created),
        "created_by": None,
        "updated_by": None,
        "channel": "email",
        "description": "",
        "non_deleted_subscribers": "0",
        "active_subscribers": "0",
        "links": relations("lists", key, ("contactGoalLists", "user", "addressLists")),
        "id": str(key),
        "user": None if owner == "0" else owner,
    }
    return {**row, **given}
