"""One frozen Settings: built-in defaults, a TOML file, the environment, then flags."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from transforms.language.pipeline import DEFAULT_MODEL
from transforms.quantities.policy import DEFAULT as DEFAULT_POLICY
from transforms.quantities.policy import load_policy
from warehouse.lake import Warehouse, WarehouseError, open_warehouse
from warehouse.location import Location

DEFAULT_CONFIG = Path("dateline.toml")

GIB = 2**30
# Estimates, rounded up; `python -m benchmarks.scaling` measures them.
MAIN = 700 * 2**20
"""What the process that leads a run takes: Prefect, its server, DuckDB."""
WORKER = 900 * 2**20
"""What a worker takes before it has a text: language pipeline, gazetteers, expectations."""
PER_CHAR = 1_500
"""Bytes that a worker takes for each character of the texts it reads at a time."""
LEAST, MOST = 50_000, 1_000_000
"""Characters a worker takes at a time: a few articles at least, however little memory there is."""


class SettingsError(Exception):
    """The configuration cannot be used; the message names file and field."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _known_zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                f"{name!r} is no time zone: give an IANA name such as 'Europe/Berlin'"
            ) from error
    return name


class SourceSettings(_Part):
    """One place that news comes from."""

    id: str = Field(pattern=r"[A-Za-z0-9_.-]+", description="short unique name")
    kind: Literal["feed", "sitemap", "page", "site", "files", "ninjs", "warc"]
    location: str = Field(min_length=1, description="URL, or path of a file or folder")
    limit: int | None = Field(
        None, ge=1, description="records of an archive in one run; the next run goes on there"
    )
    zone: str | None = Field(None, description="IANA zone of its clock times that name none")

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str | None) -> str | None:
        return _known_zone(zone)

    @property
    def streamed(self) -> bool:
        """Whether it holds documents itself, instead of listing pages."""
        return self.kind in ("files", "ninjs", "warc")


class FetchSettings(_Part):
    """How pages are asked for."""

    user_agent: str = "dateline/0.1 (+https://github.com/dateline-news/dateline)"
    timeout: float = Field(20.0, gt=0, description="seconds for connect, and for each read")
    deadline: float = Field(60.0, gt=0, description="seconds for one request in all")
    delay: float = Field(1.0, ge=0, description="seconds between two requests to one host")
    max_bytes: int = Field(20_000_000, gt=0, description="size bound of a decompressed body")
    attempts: int = Field(3, ge=1, description="tries on time-outs, 429 and 5xx")
    allow_private: bool = Field(False, description="also fetch loopback and private addresses")
    connections: int = Field(16, ge=1, description="hosts asked at the same time")
    revisit_hours: tuple[float, ...] = Field(
        (1, 6, 24, 72, 168),
        description="ages, in hours, at which a page is asked for again; 0 is at every run",
    )


class LineageSettings(_Part):
    """Where OpenLineage events go; with neither, there are none."""

    url: str | None = Field(None, description="endpoint, e.g. http://localhost:5000/api/v1/lineage")
    file: Path | None = Field(None, description="file to which each event is added as a line")
    namespace: str = Field("dateline", min_length=1, description="of the jobs and tables")
    api_key: str | None = Field(None, description="sent as a bearer token; better by environment")


class ScheduleSettings(_Part):
    """When `dateline serve` runs."""

    cron: str = "0 2 * * *"
    timezone: str | None = Field(None, description="IANA name; null is the machine's own")

    @field_validator("cron")
    @classmethod
    def _readable(cls, cron: str) -> str:
        try:
            CronSim(cron, datetime(2000, 1, 1))
        except CronSimError as error:
            raise ValueError(
                f"{cron!r} is no schedule: give five cron fields such as '0 2 * * *' ({error})"
            ) from error
        return cron

    @field_validator("timezone")
    @classmethod
    def _known(cls, timezone: str | None) -> str | None:
        return _known_zone(timezone)


class QualitySettings(_Part):
    """What is expected of the data, and what stops a publish."""

    expectations: Path | None = Field(None, description="Python file of own expectations")
    max_rejected: dict[str, float] = Field(
        {"*": 0.5},
        description="share of rejected rows that stops a publish: by table, source, table/source",
    )
    min_rows: int = Field(50, ge=1, description="rows below which no share stops a publish")
    owners: dict[str, str] = Field({}, description="who the owners of expectations are")

    @field_validator("max_rejected")
    @classmethod
    def _shares(cls, shares: dict[str, float]) -> dict[str, float]:
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise ValueError(f"{name!r} is {share}: a share lies between 0 and 1")
        return {"*": 0.5} | shares


class AlertSettings(_Part):
    """Who is told when something is wrong. Secrets are named here, and kept in the environment."""

    file: Path | None = Field(None, description="file that each digest is added to, as JSON")
    webhook_env: str | None = Field(
        None, description="environment variable with the address that digests are posted to"
    )
    smtp_host: str | None = Field(None, description="mail server")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_tls: bool = Field(True, description="STARTTLS before anything is said")
    smtp_user: str | None = Field(None, description="user name at the mail server")
    smtp_password_env: str = Field(
        "DATELINE_SMTP_PASSWORD", description="environment variable with the password"
    )
    smtp_from: str = Field("dateline@localhost", description="sender")
    smtp_to: tuple[str, ...] = Field((), description="who is told")

    @field_validator("webhook_env", "smtp_password_env")
    @classmethod
    def _names_a_variable(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            # the message must not repeat it: most likely it is the secret itself
            raise ValueError("it is the name of an environment variable that holds the secret,"
                             " not the secret")  # fmt: skip
        return value


class MaintainSettings(_Part):
    """What `dateline maintain` keeps, and how it stores it."""

    keep_all_days: float = Field(7, ge=0, description="days of which every snapshot stays")
    keep_daily_days: float = Field(31, ge=0, description="days of which one a day stays")
    keep_weekly_days: float = Field(366, ge=0, description="days of which one a week stays")
    grace_hours: float = Field(
        24, ge=0, description="hours that files stay which no snapshot needs, or nobody knows"
    )
    small_file_mb: float = Field(64, gt=0, description="files below are merged, to about this")
    verify_days: float = Field(31, ge=0, description="days whose rows have their hashes verified")


class StoreSettings(_Part):
    """Where a new warehouse's catalog and data are to lie, if not in its folder. No secret is here:
    ``PGPASSWORD``, ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY`` are in the environment."""

    catalog: str | None = Field(None, description="postgresql://user@host/database")
    catalog_schema: str = Field("dateline", description="schema of the catalog in that database")
    data: str | None = Field(None, description="s3://bucket/prefix")
    endpoint: str | None = Field(None, description="address of the store; null is Amazon's")
    region: str = Field("us-east-1", description="region of the store")
    path_style: bool | None = Field(
        None, description="bucket in the path, not in the host; null: with an endpoint"
    )

    @model_validator(mode="after")
    def _usable(self) -> StoreSettings:
        try:
            _ = self.location
        except WarehouseError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def location(self) -> Location:
        """The same as the warehouse knows it."""
        return Location(
            self.catalog, self.catalog_schema, self.data, self.endpoint, self.region,
            self.path_style,
        )  # fmt: skip


class ScaleSettings(_Part):
    """Who works on batches."""

    engine: Literal["processes", "dask"] = Field(
        "processes", description="processes of this machine, or Dask workers"
    )
    address: str | None = Field(
        None, description="Dask scheduler, e.g. tcp://scheduler:8786; null: workers started here"
    )

    @model_validator(mode="after")
    def _of_dask(self) -> ScaleSettings:
        if self.address is not None and self.engine != "dask":
            raise ValueError('an address is one of Dask: set engine = "dask"')
        return self


class Settings(BaseSettings):
    """All settings. Environment: ``DATELINE_WAREHOUSE``, ``DATELINE_FETCH__DELAY``..."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="DATELINE_", env_nested_delimiter="__"
    )

    warehouse: Path = Path("dateline-warehouse")
    model: str = DEFAULT_MODEL
    workers: int = Field(0, ge=0, description="processes; 0 is one a core")
    batch_size: int = Field(100, ge=1, description="articles in a batch")
    memory: float | None = Field(
        None, ge=1.7, description="GiB that a run takes at most; null is no bound"
    )
    vague_policy: str = Field(
        DEFAULT_POLICY, description='what "dozens" means: a named policy, or a file of one'
    )
    knowledge: Path | None = Field(
        None, description="file of known things that names are linked to: CSV, Parquet, FtM"
    )
    store: StoreSettings = StoreSettings()
    scale: ScaleSettings = ScaleSettings()
    fetch: FetchSettings = FetchSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    lineage: LineageSettings = LineageSettings()
    log_format: Literal["bars", "json"] = Field(
        "bars", description="on standard error: progress bars, or one JSON object a line"
    )
    quality: QualitySettings = QualitySettings()
    alerts: AlertSettings = AlertSettings()
    maintain: MaintainSettings = MaintainSettings()
    lock_wait: float = Field(0, ge=0, description="seconds to wait for a run that writes")
    archive: bool = Field(True, description="keep what is fetched as WARC in the warehouse")
    sources: tuple[SourceSettings, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment stands above the file, whose values arrive as arguments."""
        return (env_settings, init_settings)

    @field_validator("vague_policy")
    @classmethod
    def _known_policy(cls, value: str) -> str:
        load_policy(value)  # its error says what is wrong, before a night is spent on it
        return value

    @model_validator(mode="after")
    def _unique_sources(self) -> Settings:
        seen: set[str] = set()
        for source in self.sources:
            if source.id in seen:
                raise ValueError(f"two sources are called {source.id!r}: give each its own id")
            seen.add(source.id)
        return self

    @property
    def lake(self) -> Warehouse:
        """The configured warehouse; its folder is absolute.

        Raises:
            WarehouseError: it lies somewhere else than [store] says.
        """
        limit = None if self.memory is None else int(self.memory * GIB / 4)
        return open_warehouse(self.warehouse.absolute(), limit, self.store.location)

    @property
    def processes(self) -> int:
        """Worker processes to use: as many as configured or as there are cores, and as fit."""
        # the cores this process may use, where the system tells them from those of the machine
        affinity = getattr(os, "sched_getaffinity", None)
        cores = len(affinity(0)) if affinity else os.cpu_count() or 1
        wanted = self.workers or cores
        if self.memory is None:
            return wanted
        return max(1, min(wanted, int((self.memory * GIB - MAIN) // (WORKER + LEAST * PER_CHAR))))

    @property
    def characters(self) -> int:
        """Characters of text that a worker takes at a time."""
        if self.memory is None:
            return MOST
        share = (self.memory * GIB - MAIN) / self.processes - WORKER
        return int(min(MOST, max(LEAST, share / PER_CHAR)))


def load_settings(config: Path | None = None, **flags: Any) -> Settings:
    """Settings from `config` (default: dateline.toml where there is one), environment and flags.

    Relative paths in the file are relative to the file. Flags that are None count as not given; one
    that is a mapping changes only what it names of a part: ``schedule={"cron": "0 3 * * *"}``.

    Raises:
        SettingsError: naming the file, the field and what is wrong with it.
    """
    path = config or (DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None)
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise SettingsError(
                f"there is no configuration {path}: `dateline init` makes one"
            ) from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{path} cannot be read as TOML: {error}") from error
        values = _relative_to(path.parent, values)
    try:
        settings = Settings(**values)
        given = {name: value for name, value in flags.items() if value is not None}
        if not given:
            return settings
        # flags stand above the environment, which the constructor would put above them
        values = settings.model_dump()
        for name, value in given.items():
            values[name] = values[name] | value if isinstance(value, dict) else value
        if settings.warehouse != Path(values["warehouse"]):
            # [store] is about the file's own warehouse
            values["store"] = {}
        return settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(f"{path or 'settings'}: {_in_words(error)}") from error


def _relative_to(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    if isinstance(values.get("warehouse"), str):
        values["warehouse"] = folder / values["warehouse"]
    if isinstance(values.get("knowledge"), str):
        values["knowledge"] = (folder / values["knowledge"]).absolute()
    model = values.get("model")
    if isinstance(model, str) and (model.endswith(".toml") or (folder / model).is_dir()):
        values["model"] = str((folder / model).absolute())
    lineage = values.get("lineage")
    if isinstance(lineage, dict) and isinstance(lineage.get("file"), str):
        lineage["file"] = (folder / lineage["file"]).absolute()
    quality = values.get("quality")
    if isinstance(quality, dict) and isinstance(quality.get("expectations"), str):
        quality["expectations"] = (folder / quality["expectations"]).absolute()
    alerts = values.get("alerts")
    if isinstance(alerts, dict) and isinstance(alerts.get("file"), str):
        alerts["file"] = (folder / alerts["file"]).absolute()
    policy = values.get("vague_policy")
    if isinstance(policy, str) and policy.endswith(".tsv"):
        values["vague_policy"] = str((folder / policy).absolute())
    for source in values.get("sources", []):
        if not isinstance(source, dict) or "location" not in source:
            continue
        kinds = ("files", "ninjs", "warc")
        if source.get("kind") in kinds and "://" not in str(source["location"]):
            # absolute: a file's article has one key from wherever the command is started
            source["location"] = str((folder / str(source["location"])).absolute())
    return values


def _in_words(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors()
    )
