"""Custom objects: what kinds an account has made up, and the records of each kind.

https://developers.activecampaign.com/reference/list-all-schemas
https://developers.activecampaign.com/reference/list-records-by-schema
"""

from acflow.entities.model import Entity, Evidence, Field, Nested, Offset, Type

PLAN = "A plan without custom objects answers with 403 or 404; the entity then counts as forbidden."

CUSTOM_OBJECT_SCHEMAS = Entity(
    name="customObjectSchemas",
    description="Kinds of custom objects, with their fields and what they are tied to.",
    evidence=Evidence.DOCUMENTED,
    endpoint="customObjects/schemas",
    paging=Offset(),
    small=True,
    text_key="id",
    text_column="uuid",
    dropped=frozenset({"links", "icons"}),
    fields=(
        Field("id", Type.ID, "Number that acflow makes of the UUID, so that tables join by numbers."),
        Field("uuid", Type.TEXT, "Key of the kind as the API has it."),
        Field("slug", Type.TEXT, "Name of the kind in addresses and queries."),
        Field("visibility", Type.TEXT, "Who may see it: private, or published by an app."),
        Field("labels", Type.JSON, "Names of one and of several, as an object of singular and plural."),
        Field("description", Type.TEXT, "What the kind is for, in words."),
        Field("fields", Type.JSON, "Its fields, as an array of objects with id, labels, type and required."),
        Field("relationships", Type.JSON, "What it is tied to, as an array of objects with id and namespace."),
        Field("createdTimestamp", Type.TIMESTAMP, "When the kind was made, in UTC."),
        Field("updatedTimestamp", Type.TIMESTAMP, "When the kind was last edited, in UTC."),
    ),
    quirks=("Pages have 20 rows unless more are asked for, as acflow does.", PLAN),
)

CUSTOM_OBJECT_RECORDS = Entity(
    name="customObjectRecords",
    description="Records of all custom objects, each with its kind, its values and what it is tied to.",
    evidence=Evidence.DOCUMENTED,
    endpoint="customObjects/records/{}",
    rows_key="records",
    paging=Nested(CUSTOM_OBJECT_SCHEMAS, "schema"),
    text_key="id",
    text_column="uuid",
    essential=("schema", "uuid"),
    fields=(
        Field("id", Type.ID, "Number that acflow makes of the UUID."),
        Field("uuid", Type.TEXT, "Key of the record as the API has it."),
        Field("schema", Type.FOREIGN_KEY, "Kind of the record, a row of customObjectSchemas."),
        Field("schemaId", Type.TEXT, "UUID of the same kind."),
        Field("externalId", Type.TEXT, "Key of the record where it came from."),
        Field("fields", Type.JSON, "Values, as an array of objects with the field's id and value."),
        Field("relationships", Type.JSON, "Keys of what it is tied to, as arrays by the relationship's name."),
        Field("createdTimestamp", Type.TIMESTAMP, "When the record was made, in UTC."),
        Field("updatedTimestamp", Type.TIMESTAMP, "When the record was last edited, in UTC."),
    ),
    quirks=(
        "Each kind takes a request and more, one for each 100 of its records.",
        "A run that reads them makes a table for each kind, named object_ and its slug, with a column per field.",
        PLAN,
    ),
)

CUSTOM_OBJECTS = (CUSTOM_OBJECT_SCHEMAS, CUSTOM_OBJECT_RECORDS)
