"""How an account is set up: who may do what, what is kept out, what is told to others, and what content stands ready.

https://developers.activecampaign.com/reference/list-all-groups
https://developers.activecampaign.com/reference/list-all-webhooks
https://developers.activecampaign.com/reference/list-all-templates
https://developers.activecampaign.com/reference/list-all-exclusions
"""

from acflow.entities.model import Entity, Evidence, Field, Offset, Type

GROUP_RIGHTS = (
    *(("pgListAdd", "add lists"), ("pgListEdit", "edit lists"), ("pgListDelete", "delete lists")),
    *(("pgListHeaders", "set headers of lists' mail"), ("pgListEmailaccount", "set mail accounts of lists")),
    *(("pgListBounce", "set bounce mailboxes of lists"), ("pgMessageAdd", "add campaigns and messages")),
    *(("pgMessageEdit", "edit campaigns and messages"), ("pgMessageDelete", "delete campaigns and messages")),
    *(("pgMessageSend", "send campaigns"), ("pgContactAdd", "add contacts"), ("pgContactEdit", "edit contacts")),
    *(("pgContactDelete", "delete contacts"), ("pgContactMerge", "merge contacts")),
    *(("pgContactImport", "import contacts"), ("pgContactApprove", "approve contacts")),
    *(("pgContactExport", "export contacts"), ("pgContactSync", "synchronise contacts")),
    *(("pgContactFilters", "manage segments of contacts"), ("pgContactActions", "manage actions on contacts")),
    *(("pgContactFields", "manage custom fields of contacts"), ("pg_user_add", "add users")),
    *(("pg_user_edit", "edit users"), ("pg_user_delete", "delete users"), ("pgGroupAdd", "add groups")),
    *(("pgGroupEdit", "edit groups"), ("pgGroupDelete", "delete groups"), ("pgTemplateAdd", "add templates")),
    *(("pgTemplateEdit", "edit templates"), ("pgTemplateDelete", "delete templates")),
    *(("pgPersonalizationAdd", "add personalizations"), ("pgPersonalizationEdit", "edit personalizations")),
    *(("pgPersonalizationDelete", "delete personalizations"), ("pgAutomationManage", "manage automations")),
    *(("pgFormEdit", "edit forms"), ("pgReportsCampaign", "see reports on campaigns")),
    *(("pgReportsList", "see reports on lists"), ("pgReportsUser", "see reports on users")),
    *(("pgReportsTrend", "see reports on trends"), ("pgStartupReports", "see reports on the first page")),
    *(("pgStartupGettingstarted", "see the first steps"), ("pgDeal", "work with deals")),
    *(("pgDealDelete", "delete deals"), ("pgDealReassign", "give deals to others")),
    *(("pgDealGroupAdd", "add pipelines"), ("pgDealGroupEdit", "edit pipelines")),
    *(("pgDealGroupDelete", "delete pipelines"), ("pgSavedResponsesManage", "manage saved responses")),
)

GROUPS = Entity(
    name="groups",
    description="Groups of users, with what their members may do.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the group."),
        Field("title", Type.TEXT, "What the group is called."),
        Field("descript", Type.TEXT, "What the group is for, in words."),
        Field("p_admin", Type.BOOLEAN, "Whether members may use the account's administration."),
        *(Field(name, Type.BOOLEAN, f"Whether members may {right}.") for name, right in GROUP_RIGHTS),
        Field("unsubscribelink", Type.BOOLEAN, "Whether an unsubscribe link is forced into their mail."),
        Field("optinconfirm", Type.BOOLEAN, "Whether their lists must confirm opt-ins."),
        Field("reqApproval", Type.BOOLEAN, "Whether their campaigns need an approval."),
        Field("reqApproval1st", Type.INTEGER, "How many of their first campaigns need an approval."),
        Field("reqApprovalNotify", Type.TEXT, "Who is told of campaigns to approve; empty for nobody."),
        Field("socialdata", Type.BOOLEAN, "Whether members see social data of contacts."),
        Field("sdate", Type.TIMESTAMP, "When the group was made."),
    ),
    quirks=("Names of rights mix two spellings, as the API sends them.",),
)

GROUP_LIMITS = Entity(
    name="groupLimits",
    description="Limits of each group of users: contacts, mail, lists and users.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the limits."),
        Field("group", Type.FOREIGN_KEY, "Group that they hold for; quote the name in SQL."),
        Field("groupid", Type.FOREIGN_KEY, "The same group under its older name."),
        Field("limitMail", Type.INTEGER, "Messages that may be sent in the time of limitMailType; 0 for no limit."),
        Field("limitMailType", Type.TEXT, "Time that limitMail is for, such as month."),
        Field("limitContact", Type.INTEGER, "Contacts that the group may have; 0 for no limit."),
        Field("limitList", Type.INTEGER, "Lists that the group may have; 0 for no limit."),
        Field("limitCampaign", Type.INTEGER, "Campaigns in the time of limitCampaignType; 0 for no limit."),
        Field("limitCampaignType", Type.TEXT, "Time that limitCampaign is for, such as month."),
        Field("limitAttachment", Type.INTEGER, "Attachments of a message; -1 for no limit."),
        Field("limitUser", Type.INTEGER, "Users that the group may have; 0 for no limit."),
        Field("abuseRatio", Type.INTEGER, "Share of complaints at which sending stops, in per cent."),
        Field("forceSenderInfo", Type.BOOLEAN, "Whether the sender's postal address must stand in their mail."),
    ),
    quirks=("Zero and minus one both stand for no limit, by the column.",),
)

GROUP_MEMBERS = Entity(
    name="groupMembers",
    description="Definitions of groups in pages of records: which group of fields stands where.",
    evidence=Evidence.DOCUMENTED,
    rows_key="groupDefinitions",
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the group of fields."),
        Field("type_id", Type.FOREIGN_KEY, "Kind of record that the group of fields is for."),
        Field("label", Type.TEXT, "What it is called; in braces for ActiveCampaign's own."),
        Field("ordernum", Type.INTEGER, "Place among the groups, from 1."),
    ),
    quirks=("The answer calls its rows groupDefinitions, and has no total.",),
)

LIST_RIGHTS = (
    *(("p_admin", "administer the list"), ("p_list_add", "add lists"), ("p_list_edit", "edit the list")),
    *(("p_list_delete", "delete the list"), ("p_list_sync", "synchronise the list")),
    *(("p_list_filter", "make segments of the list"), ("p_message_add", "add messages to the list")),
    *(("p_message_edit", "edit messages of the list"), ("p_message_delete", "delete messages of the list")),
    *(("p_message_send", "send to the list"), ("p_subscriber_add", "add contacts to the list")),
    *(("p_subscriber_edit", "edit contacts of the list"), ("p_subscriber_delete", "take contacts off the list")),
    *(("p_subscriber_import", "import contacts into the list"), ("p_subscriber_approve", "approve contacts of it")),
)

LIST_GROUPS = Entity(
    name="listGroups",
    description="Which group of users may use which list, and for what.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    essential=("list", "group"),
    fields=(
        Field("id", Type.ID, "Key of the permission."),
        Field("list", Type.FOREIGN_KEY, "List that may be used.", aliases=("listid",)),
        Field("group", Type.FOREIGN_KEY, "Group whose members may; quote it in SQL.", aliases=("groupid",)),
        *(
            Field(name, Type.BOOLEAN, f"Whether members may {right}.", evidence=Evidence.CLAIMED)
            for name, right in LIST_RIGHTS
        ),
    ),
    quirks=("A list that no group may use is seen by administrators alone.",),
)

EXCLUSIONS = Entity(
    name="exclusions",
    description="Addresses and parts of addresses that nothing is sent to.",
    evidence=Evidence.DOCUMENTED,
    endpoint="lists/exclusions",
    paging=Offset(),
    fields=(
        Field("id", Type.ID, "Key of the exclusion."),
        Field("matchPhrase", Type.TEXT, "Address or part of one that is kept out; may be a person's."),
        Field("matchType", Type.TEXT, "How it must match: exact, begin, contains or end."),
        Field("channel", Type.TEXT, "What is kept out: all mail, all text messages, or several."),
        Field("hidden", Type.BOOLEAN, "Whether ActiveCampaign itself made the exclusion, unseen by users."),
        Field("lists", Type.JSON, "Keys of the lists that it holds for, as an array; empty for all."),
    ),
    quirks=("An order that the endpoint does not know is refused with 422, so acflow asks for none.",),
)

WEBHOOKS = Entity(
    name="webhooks",
    description="Addresses that the account tells when something happens.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    shortened=frozenset({"url"}),
    fields=(
        Field("id", Type.ID, "Key of the webhook."),
        Field("name", Type.TEXT, "What the webhook is called."),
        Field("url", Type.TEXT, "Address that is told; what stands behind a ? and any login are cut off."),
        Field("events", Type.JSON, "What it is told of, as an array of words such as subscribe."),
        Field("sources", Type.JSON, "Who must have caused it, as an array: public, admin, api or system."),
        Field("listid", Type.FOREIGN_KEY, "List that it is limited to; null for all."),
        Field("state", Type.TEXT, "Whether it works, in the account's words.", evidence=Evidence.CLAIMED),
        Field(
            "deactivated_date",
            Type.TIMESTAMP,
            "When it was switched off; null while it is on.",
            evidence=Evidence.CLAIMED,
        ),
        Field("cdate", Type.TIMESTAMP, "When the webhook was made."),
    ),
    quirks=("An address may hold a secret behind its ? or before its host, so acflow stores neither.",),
)

TEMPLATES = Entity(
    name="templates",
    description="Templates of mail, without their content.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    dropped=frozenset({"links", "content", "preview_content"}),
    fields=(
        Field("id", Type.ID, "Key of the template."),
        Field("name", Type.TEXT, "What the template is called."),
        Field("subject", Type.TEXT, "Subject that it comes with; null for none."),
        Field("userid", Type.FOREIGN_KEY, "User who made it."),
        Field("categoryid", Type.FOREIGN_KEY, "Category of the template; null for none."),
        Field("used", Type.INTEGER, "How often it was used."),
        Field("modified", Type.BOOLEAN, "Whether it was changed since it was made."),
        Field("hidden", Type.BOOLEAN, "Whether it is kept out of the choice of templates."),
        Field("importnum", Type.INTEGER, "How often it was imported from elsewhere."),
        Field("ed_instanceid", Type.FOREIGN_KEY, "Number of the designer's document; null for none."),
        Field("ed_version", Type.INTEGER, "Generation of the e-mail designer that it was made with."),
        Field("waitpreview", Type.BOOLEAN, "Whether its picture is still to be made."),
        Field("screenshot", Type.TEXT, "Address of a picture of it.", evidence=Evidence.CLAIMED),
        Field("mdate", Type.LOCAL_TIMESTAMP, "When the template was last edited, without zone in the reference."),
    ),
    quirks=("The content may have megabytes and is never stored; it still comes over the wire with each row.",),
)

ADDRESSES = Entity(
    name="addresses",
    description="Postal addresses of the sender, printed below mail.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the address, which campaigns and forms name in addressid."),
        Field("companyName", Type.TEXT, "Name of the company that sends."),
        Field("address1", Type.TEXT, "First line of the address."),
        Field("address2", Type.TEXT, "Second line of the address."),
        Field("city", Type.TEXT, "City of the address."),
        Field("state", Type.TEXT, "State or region of the address."),
        Field("district", Type.TEXT, "District of the address."),
        Field("zip", Type.TEXT, "Postal code of the address."),
        Field("country", Type.TEXT, "Country as a code of two letters."),
        Field("allgroup", Type.BOOLEAN, "Whether all groups of users may use it."),
        Field("isDefault", Type.BOOLEAN, "Whether it stands below mail that names none."),
    ),
    quirks=("These are the company's own addresses, not those of contacts.",),
)

BRANDINGS = Entity(
    name="brandings",
    description="Look of the account by group of users, without its code.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    dropped=frozenset(
        {
            *("links", "license", "adminTemplateHtm", "adminTemplateCss", "publicTemplateHtm", "publicTemplateCss"),
            *("headerHtmlValue", "footerHtmlValue"),
        }
    ),
    fields=(
        Field("id", Type.ID, "Key of the look."),
        Field("groupid", Type.FOREIGN_KEY, "Group of users that sees it."),
        Field("siteName", Type.TEXT, "Name of the account as users see it."),
        Field("siteLogo", Type.TEXT, "Address of the logo."),
        Field("siteLogoSmall", Type.TEXT, "Address of the small logo."),
        Field("headerTextValue", Type.TEXT, "Words that stand above plain mail."),
        Field("footerTextValue", Type.TEXT, "Words that stand below plain mail."),
        Field("copyright", Type.BOOLEAN, "Whether the copyright is shown."),
        Field("version", Type.BOOLEAN, "Whether the version is shown."),
        Field("help", Type.BOOLEAN, "Whether help is shown."),
        Field("favicon", Type.TEXT, "Address of the small picture in browsers; null for the usual one."),
    ),
    quirks=("links is a flag in this list and no relation; like everywhere it is not stored.",),
)

SAVED_RESPONSES = Entity(
    name="savedResponses",
    description="Answers that users keep ready for personal mail, without their words.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    dropped=frozenset({"links", "body"}),
    fields=(
        Field("id", Type.ID, "Key of the answer."),
        Field("title", Type.TEXT, "What the answer is called."),
        Field("subject", Type.TEXT, "Subject that it comes with."),
        Field("last_sent_user_id", Type.FOREIGN_KEY, "User who sent it last; null if nobody has."),
        Field("ldate", Type.TIMESTAMP, "When it was last sent; null if never."),
        Field("cdate", Type.TIMESTAMP, "When the answer was made."),
        Field("mdate", Type.TIMESTAMP, "When the answer was last edited; null if it never was."),
    ),
    quirks=("Some plans answer with 403; the entity then counts as forbidden.",),
)

PERSONALIZATIONS = Entity(
    name="personalizations",
    description="Pieces of text that messages take in by a tag.",
    evidence=Evidence.DOCUMENTED,
    paging=Offset(),
    small=True,
    fields=(
        Field("id", Type.ID, "Key of the piece."),
        Field("name", Type.TEXT, "What the piece is called."),
        Field("tag", Type.TEXT, "Word by which messages take it in."),
        Field("format", Type.TEXT, "Whether it is html or text."),
        Field("content", Type.TEXT, "Words of the piece."),
        Field("listIds", Type.TEXT, "Keys of the lists it is for, with commas between."),
        Field("listNames", Type.TEXT, "Names of those lists, with commas between."),
        Field("listsCount", Type.INTEGER, "Number of those lists."),
        Field("isLocked", Type.BOOLEAN, "Whether only its maker may change it."),
    ),
    quirks=("Keys of lists are one text with commas here, where other lists of the API have arrays.",),
)

FIELD_OPTIONS = Entity(
    name="fieldOptions",
    description="Choices of the contacts' custom fields: what a drop-down or a checkbox offers.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    essential=("field",),
    fields=(
        Field("id", Type.ID, "Key of the choice, which fields name in options."),
        Field("field", Type.FOREIGN_KEY, "Custom field that offers it, a row of fields."),
        Field("label", Type.TEXT, "Words of the choice as people see them."),
        Field("value", Type.TEXT, "What is stored when it is chosen."),
        Field("orderid", Type.INTEGER, "Place among the choices, from 1."),
        Field("isdefault", Type.BOOLEAN, "Whether it is chosen unless another is."),
        Field("cdate", Type.TIMESTAMP, "When the choice was made."),
        Field("udate", Type.TIMESTAMP, "When the choice was last edited."),
    ),
    quirks=("The same rows come before the fields with each page of them; here they have a list of their own.",),
)

FIELD_RELS = Entity(
    name="fieldRels",
    description="Which lists show which custom field of contacts.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    essential=("field",),
    fields=(
        Field("id", Type.ID, "Key of the tie, which fields name in relations."),
        Field("field", Type.FOREIGN_KEY, "Custom field that is shown, a row of fields."),
        Field("relid", Type.FOREIGN_KEY, "List that shows it; null for all lists."),
        Field("dorder", Type.INTEGER, "Place among the fields of the list."),
        Field("cdate", Type.TIMESTAMP, "When the tie was made."),
    ),
    quirks=("A relid of 0 means all lists, and is null here.",),
)

CONTACT_EMAILS = Entity(
    name="contactEmails",
    description="Personal mail from users to contacts, without its words.",
    evidence=Evidence.CLAIMED,
    paging=Offset(),
    essential=("contact",),
    dropped=frozenset({"links", "ip", "messageheader", "source"}),
    fields=(
        Field("id", Type.ID, "Key of the mail."),
        Field("contact", Type.FOREIGN_KEY, "Contact that it was sent to."),
        Field("subscriberid", Type.FOREIGN_KEY, "The same contact under its older name."),
        Field("deal", Type.FOREIGN_KEY, "Deal that it was about; null for none.", aliases=("d_id",)),
        Field("user", Type.FOREIGN_KEY, "User who sent it.", aliases=("userid",)),
        Field("message", Type.FOREIGN_KEY, "Message that was sent.", aliases=("messageid",)),
        Field("seriesid", Type.FOREIGN_KEY, "Automation that sent it; null where it was a user."),
        Field("account", Type.FOREIGN_KEY, "Mail account that it was sent from."),
        Field("sdate", Type.TIMESTAMP, "When it was sent."),
    ),
    quirks=(
        "It tells of mail that users write, not of campaigns, and nothing of who opened it.",
        "Not in the public reference; a reader of real accounts names it.",
    ),
)

SETUP = (
    GROUPS,
    GROUP_LIMITS,
    GROUP_MEMBERS,
    LIST_GROUPS,
    EXCLUSIONS,
    WEBHOOKS,
    TEMPLATES,
    ADDRESSES,
    BRANDINGS,
    SAVED_RESPONSES,
    PERSONALIZATIONS,
    FIELD_OPTIONS,
    FIELD_RELS,
    CONTACT_EMAILS,
)
