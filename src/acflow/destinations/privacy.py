"""What a destination does not need to know: columns hashed, masked or dropped before anything is written.

The tables of the warehouse stay as they are.
"""

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import SecretStr

from acflow.destinations.columns import plain_column, plain_type
from acflow.destinations.model import Delivery, Treatment
from acflow.destinations.suggest import meant
from acflow.engine.text_form import as_text
from acflow.errors import ConfigError

FILE = "privacy.key"
KEY_BYTES = 32
SHORTEST_KEY = 16  # characters
ADDRESS = r"^\s*([^@\s])[^@]*@([^@.\s])[^@]*?(\.[^.@\s]+)?\s*$"
WORD = r"(\p{L})[\p{L}\p{M}\p{N}]*|[\p{M}\p{N}][\p{L}\p{M}\p{N}]*"


def private(parcel: Delivery) -> Delivery:
    """Return the parcel with its columns treated as its destination asks for.

    Raises:
        ConfigError: a column is not there, or holds no text to be masked.

    """
    source, asked, key = parcel.source, parcel.target.privacy, parcel.target.privacy_key
    if not asked:
        return parcel
    _check(source.name, source.schema, asked)
    names = [name for name in source.schema.names if asked.get(name) != "drop"]
    schema = pa.schema([_field(source.schema.field(name), asked.get(name)) for name in names])
    batches = (
        pa.RecordBatch.from_arrays(
            [_treated(batch.column(name), asked.get(name), key) for name in names], schema=schema
        )
        for batch in source.batches
    )
    return replace(parcel, source=replace(source, schema=schema, batches=batches))


def privacy_key(state: Path, given: SecretStr) -> bytes:
    """Return the key of hashes: the one that is set, or one that is made at first need and kept in the state folder.

    Raises:
        ConfigError: the key is too short, or its file cannot be read.

    """
    text = given.get_secret_value()
    if text:
        if len(text) < SHORTEST_KEY:
            fix = "Make one: `openssl rand -hex 32`."
            raise ConfigError(f"ACFLOW_PRIVACY_KEY has fewer than {SHORTEST_KEY} characters. {fix}")
        return text.encode()
    path = state / FILE
    try:
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(KEY_BYTES))
        return path.read_bytes().strip() or _no_key(path, "it is empty")
    except OSError as error:
        return _no_key(path, str(error.strerror))


def _no_key(path: Path, why: str) -> bytes:
    raise ConfigError(f"The key of hashes in {path} cannot be used: {why}. Put it back, or set ACFLOW_PRIVACY_KEY.")


def _check(name: str, schema: pa.Schema, asked: Mapping[str, Treatment]) -> None:
    for column, treatment in asked.items():
        if column not in schema.names:
            raise ConfigError(f"{name} has no column {column} to {treatment}. {meant(column, schema.names)}")
        if treatment == "mask" and not pa.types.is_string(plain_type(schema.field(column).type)):
            raise ConfigError(f"{name}: {column} holds no text to mask. Use hash or drop.")


def _field(field: pa.Field, treatment: Treatment | None) -> pa.Field:
    return pa.field(field.name, pa.string()) if treatment else field


def _treated(column: pa.Array, treatment: Treatment | None, key: bytes) -> pa.Array:
    if treatment == "hash":
        return hashed(as_text(plain_column(column)), key)
    return masked(plain_column(column)) if treatment == "mask" else column


def hashed(text: pa.Array, key: bytes) -> pa.Array:
    """Return HMAC-SHA-256 of each text as 64 hexadecimal digits; null stays null.

    Without the key nobody can try out which address gives which hash. https://www.rfc-editor.org/rfc/rfc2104
    """
    if not key:
        raise ValueError("a hash without a key hides nothing")
    found = text.dictionary_encode()
    digests = [hmac.digest(key, value.encode(), "sha256").hex() for value in found.dictionary.to_pylist()]
    return pa.array(digests, pa.string()).take(found.indices)


def masked(text: pa.Array) -> pa.Array:
    """Return `j***@e***.com` for an address, and for other text each word's first letter with its length hidden."""
    address = pc.replace_substring_regex(text, ADDRESS, r"\1***@\2***\3")
    words = pc.replace_substring_regex(text, WORD, r"\1***")
    return pc.if_else(pc.match_substring_regex(text, ADDRESS), address, words)
