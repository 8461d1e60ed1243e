"""The accounts of `acflow.yaml`, one or several, and where their tables land."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic.functional_validators import AfterValidator

from acflow.engine import WAREHOUSES
from acflow.flows.part import Part, as_list, refuse
from acflow.flows.problems import suggest
from acflow.flows.schedule import check_timezone
from acflow.lake.place import check_lake
from acflow.settings import DATASET

LONGEST_ACCOUNT_NAME = 30
ACCOUNT_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_ACCOUNT_NAME - 1}}}")  # a folder, and part of a schema's name


def _warehouse(address: str) -> str:
    scheme = urlsplit(address).scheme.partition("+")[0]
    known = [scheme for kind in WAREHOUSES for scheme in kind.schemes]
    if scheme not in known:
        fix = (
            suggest(scheme, known, "kinds of warehouse") if scheme else "Write a URL, such as duckdb:///acflow.duckdb."
        )
        refuse("no kind of warehouse that acflow knows.", fix)
    return address


def _dataset(name: str) -> str:
    if not re.fullmatch(DATASET, name):
        refuse("`dataset` is no name of a schema.", "Use small letters, digits and _, and begin with a letter.")
    return name


def _timezone(name: str) -> str:
    try:
        return check_timezone(name)
    except ValueError as error:
        return refuse(f"{error}.")


def _account_name(name: str) -> str:
    if not ACCOUNT_NAME.fullmatch(name):
        rule = f"Use small letters, digits and _, begin with a letter; at most {LONGEST_ACCOUNT_NAME}."
        refuse(f"`{name}` cannot name an account.", rule)
    return name


def _lake(address: str) -> str:
    if wrong := check_lake(address):
        refuse(f"no place of a lake: {wrong}.", "Write a folder, such as lake, or a URL, such as s3://bucket/acflow.")
    return address


Lake = Annotated[str, AfterValidator(_lake)]
Warehouse = Annotated[str, AfterValidator(_warehouse)]
Dataset = Annotated[str, AfterValidator(_dataset)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
AccountName = Annotated[str, AfterValidator(_account_name)]
Labels = Annotated[list[str], BeforeValidator(as_list, json_schema_input_type=str | list[str])]


class Account(Part):
    """The ActiveCampaign account; what is left out comes from the settings."""

    url: str | None = Field(default=None, description="API URL, from ActiveCampaign's Settings, Developer.")
    key: SecretStr | None = Field(default=None, description="API key, best as ${ACTIVECAMPAIGN_KEY}.")

    @model_validator(mode="after")
    def _address(self) -> "Account":
        if self.url:
            _web_address(self.url)
        return self


def _web_address(url: str) -> None:
    if not url.startswith(("https://", "http://")):
        refuse("`url` is no web address.", "Write it with https://, as ActiveCampaign shows it.")


class NamedAccount(Part):
    """One of several accounts of a project."""

    url: str = Field(description="API URL, from ActiveCampaign's Settings, Developer.")
    key: SecretStr = Field(description="API key, as ${NAME}; NAME stands in `.env`.")
    dataset: Dataset | None = Field(
        default=None, description="Schema that holds its tables. By default that of the file and the account's name."
    )
    zone: TimeZone | None = Field(default=None, description="Time zone of its reports, as Europe/Berlin.")
    labels: Labels = Field(default=[], description="Words to choose accounts by, such as a country or a team.")

    @model_validator(mode="after")
    def _address(self) -> "NamedAccount":
        if self.url:
            _web_address(self.url)
        return self
