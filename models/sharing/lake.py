"""DuckLake: the snapshots of several sites as tables in one lake, with its catalogue in PostgreSQL.

Each site has a schema of its own with every table and view of its snapshot, as tables of the same names; ``all_sites`` has
each of them over all sites, with a column ``site``. A site's snapshot is published in one transaction: readers see the one
before or this one. Needs DuckDB's extensions ducklake and postgres (and httpfs for object storage).
"""

# ruff: noqa: S608 - the names in the SQL are a checked site, tables of our own schema, and others' quoted

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import duckdb

from models.errors import StoreError
from models.progress import Told, nobody
from models.publish import current_snapshot
from models.settings import Settings
from models.sharing.relations import BY_TIME, Relation, comments, macros, relations, text
from models.sharing.shipping import place_of, put
from models.store import first_line, first_row

T = TypeVar("T")
SITE = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = ("all_sites", "main", "temp", "system", "pg_catalog", "information_schema")
KEPT_DAYS = 7
ATTEMPTS = 6
RECORD = "published_tables"
"""The table of each site's schema that says what was published: name, columns, rows and hash of each table."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What a publication to the lake did: tables written of all tables, and rows written."""

    site: str
    tables: int
    written: int
    rows: int
    script: str


@dataclass(frozen=True, slots=True)
class Lake:
    """Where a lake is: its catalogue as DuckLake names it (``postgres:dbname=…``), and where its files lie."""

    catalogue: str
    data: str

    def __post_init__(self) -> None:
        if re.search(r"password|://[^/]*:[^/]*@", self.catalogue, re.IGNORECASE):
            raise StoreError(
                "The address of the catalogue must not hold a password: everybody on this machine could read it; "
                "put it into ~/.pgpass or PGPASSWORD."
            )

    def attach(self, options: str) -> str:
        """The statement that attaches it."""
        return f"attach {text('ducklake:' + self.catalogue)} as lake ({options})"

    def extensions(self) -> tuple[str, ...]:
        """The extensions that DuckDB needs for it."""
        catalogue = {"postgres": ("postgres",), "sqlite": ("sqlite",)}.get(self.catalogue.split(":")[0], ())
        return ("ducklake", *catalogue, *(("httpfs",) if "://" in self.data else ()))


def publish_to_lake(
    settings: Settings,
    lake: Lake,
    site: str,
    keep_days: int = KEPT_DAYS,
    told: Told = nobody,
) -> Landed:
    """Publish the newest snapshot as a site's tables. Tables that are there as they are now are left alone.

    ``told`` hears of each table as it is looked at. What is older than ``keep_days`` can't be read any more after
    this, and its files are removed. Raises StoreError.
    """
    if not SITE.fullmatch(site) or site in RESERVED:
        raise StoreError(f"{site!r} is no name for a site; use small letters, digits and _, beginning with a letter.")
    snapshot = current_snapshot(settings)
    try:
        with closing(session(lake, os.environ)) as con:
            con.execute(f"attach {text(str(snapshot))} as snapshot (read_only)")
            con.execute("use snapshot")
            written, rows, tables = patiently(lambda: whole(con, lambda: publish_tables(con, site, told)))
            patiently(lambda: whole(con, lambda: join_sites(con, site)))
            tidy(con, keep_days)
    except duckdb.Error as error:
        raise StoreError(f"The lake at {lake.catalogue} can't be written: {first_line(error)}") from error
    place = place_of(lake.data)
    put(place, f"open-{site}.sql", script(lake, site).encode())
    return Landed(site, tables, written, rows, f"{place.address}/open-{site}.sql")


def session(lake: Lake, environ: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory with the lake attached. Raises StoreError when an extension can't be had."""
    con = duckdb.connect()
    try:
        for name in lake.extensions():
            load_extension(con, name)
        con.execute("set timezone = 'UTC'")
        con.execute("set enable_progress_bar = false")
        if lake.data.startswith("s3://"):
            con.execute(s3_secret(environ))
        patiently(lambda: con.execute(lake.attach(f"data_path {text(lake.data)}")), "initialize DuckLake")
    except BaseException:
        con.close()
        raise
    return con


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension, downloading it from DuckDB's site if it was never installed."""
    try:
        con.load_extension(name)
    except duckdb.Error:
        try:
            con.install_extension(name)
            con.load_extension(name)
        except duckdb.Error as error:
            raise StoreError(
                f"DuckDB {duckdb.__version__} has no extension {name} here, and it can't be downloaded "
                f"({first_line(error)}); see docs/beyond_one_machine.md for how to bring it."
            ) from error


def s3_secret(environ: Mapping[str, str]) -> str:
    """The statement that gives DuckDB the keys of object storage from the environment."""
    options = {
        "key_id": environ.get("AWS_ACCESS_KEY_ID"),
        "secret": environ.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": environ.get("AWS_SESSION_TOKEN"),
        "region": environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION"),
    }
    if endpoint := environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL"):
        parts = urlsplit(endpoint)
        options |= {"endpoint": parts.netloc, "url_style": "path", "use_ssl": str(parts.scheme == "https").lower()}
    given = ", ".join(f"{name} {text(value)}" for name, value in options.items() if value)
    return f"create or replace secret earshot_s3 (type s3{', ' + given if given else ''})"


def patiently(work: Callable[[], T], also: str = "") -> T:
    """Do ``work``, again when another site was just doing the same: its error is of a transaction, or says ``also``."""
    for attempt in range(ATTEMPTS - 1):
        try:
            return work()
        except duckdb.Error as error:
            if not (isinstance(error, duckdb.TransactionException) or (also and also in str(error))):
                raise
            time.sleep(0.2 * 2**attempt)
    return work()


def whole(con: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Do ``work`` in one transaction."""
    con.execute("begin")
    try:
        done = work()
        con.execute("commit")
    except BaseException:
        rollback(con)
        raise
    return done


def rollback(con: duckdb.DuckDBPyConnection) -> None:
    """Give a transaction up, unless it has ended by itself."""
    try:
        con.execute("rollback")
    except duckdb.Error:
        return


def publish_tables(con: duckdb.DuckDBPyConnection, site: str, told: Told) -> tuple[int, int, int]:
    """Bring a site's schema to the attached snapshot; returns tables written, rows written, and all tables."""
    con.execute(f"create schema if not exists lake.{site}")
    con.execute(
        f"create table if not exists lake.{site}.{RECORD} (name varchar, columns varchar, rows bigint, hash varchar)"
    )
    before = {
        name: (columns, rows, digest)
        for name, columns, rows, digest in con.execute(f"from lake.{site}.{RECORD}").fetchall()
    }
    written, rows_written, every = 0, 0, relations(con)
    for number, relation in enumerate(every):
        name = relation[0]
        told(name, number, len(every))
        now = state_of(con, name)
        if before.get(name) == now:
            continue
        if name in before and before[name][0] == now[0]:
            con.execute(f"delete from lake.{site}.{name}")
        else:
            make_table(con, site, relation)
        con.execute(f"insert into lake.{site}.{name} from snapshot.main.{name}")
        con.execute(f"delete from lake.{site}.{RECORD} where name = ?", [name])
        con.execute(f"insert into lake.{site}.{RECORD} values (?, ?, ?, ?)", [name, *now])
        written, rows_written = written + 1, rows_written + now[1]
    for gone in set(before) - {relation[0] for relation in every}:
        con.execute(f"drop table if exists lake.{site}.{quoted(gone)}")
        con.execute(f"delete from lake.{site}.{RECORD} where name = ?", [gone])
    return written, rows_written, len(every)


def state_of(con: duckdb.DuckDBPyConnection, name: str) -> tuple[str, int, str]:
    """Columns, rows and a hash over the rows of a table or view of the snapshot, in any order."""
    described = con.execute(f"describe snapshot.main.{name}").fetchall()
    columns = ", ".join(f"{column} {kind}" for column, kind, *_ in described)
    counted = first_row(con.execute(f"select count(*), coalesce(sum(hash(r)), 0)::varchar from snapshot.main.{name} r"))
    rows, digest = counted or (0, "")
    return columns, rows, digest


def make_table(con: duckdb.DuckDBPyConnection, site: str, relation: Relation) -> None:
    """Make an empty table of a site with the columns and comments of the snapshot's; big ones are divided by month."""
    name = relation[0]
    con.execute(f"drop table if exists lake.{site}.{name}")
    con.execute(f"create table lake.{site}.{name} as from snapshot.main.{name} limit 0")
    if at := BY_TIME.get(name):
        con.execute(f"alter table lake.{site}.{name} set partitioned by (year({at}), month({at}))")
    for statement in comments("table", relation, f"lake.{site}."):
        con.execute(statement)


def join_sites(con: duckdb.DuckDBPyConnection, site: str) -> None:
    """Make the views over all sites anew when a site or a column has come or gone."""
    con.execute("create schema if not exists lake.all_sites")
    con.execute("create table if not exists lake.all_sites.columns (site varchar, name varchar, columns varchar)")
    known = con.execute(
        "select name, columns from lake.all_sites.columns where site = ? order by all", [site]
    ).fetchall()
    if known == con.execute(f"select name, columns from lake.{site}.{RECORD} order by all").fetchall():
        return
    con.execute("delete from lake.all_sites.columns where site = ?", [site])
    con.execute(f"insert into lake.all_sites.columns select ?, name, columns from lake.{site}.{RECORD}", [site])
    sites_of = con.execute("select name, list(site order by site) from lake.all_sites.columns group by name").fetchall()
    for name, sites in sites_of:
        parts = " union all by name ".join(
            f"select {text(s)} as site, * from lake.{quoted(s)}.{quoted(name)}" for s in sites
        )
        con.execute(f"create or replace view lake.all_sites.{quoted(name)} as {parts}")


def quoted(name: str) -> str:
    """A name that another site has written, as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def tidy(con: duckdb.DuckDBPyConnection, keep_days: int) -> None:
    """Let versions of more than ``keep_days`` go, and remove the files that only they had."""
    con.execute(f"call ducklake_expire_snapshots('lake', older_than => now() - to_days({int(keep_days)}))")
    con.execute("call ducklake_cleanup_old_files('lake', cleanup_all => true)")


def script(lake: Lake, site: str) -> str:
    """A DuckDB script that opens a site's tables in the lake as if they were its snapshot, macros included."""
    lines = [f"-- Earshot: the lake, as the site {site} published it; the schema all_sites has every site's rows."]
    lines += [f"install {name}; load {name};" for name in lake.extensions()]
    lines += ["set timezone = 'UTC';", f"{lake.attach('read_only')};", f"use lake.{site};", *macros(temporary=True)]
    return "\n".join(lines) + "\n"
