"""The learned models of a store: weights as plain arrays in ``store/learned``, and which of them are in force."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from models.errors import EarshotError
from models.listening.agreement import Blind, consensus
from models.listening.learning import Learned
from models.ngrams import Weights, load, save
from models.settings import Settings
from models.store import query

Files = dict[str, Path]
"""Criterion → the file of its model in force."""


def folder(settings: Settings) -> Path:
    """Where weights lie."""
    return settings.store / "learned"


def in_force(con: duckdb.DuckDBPyConnection, settings: Settings) -> Files:
    """The models that judge now. Raises EarshotError when the weights of one are gone."""
    rows = con.execute("select criterion, version from learned_models where in_force order by criterion").fetchall()
    files = {criterion: folder(settings) / f"{version}.npz" for criterion, version in rows}
    for criterion, path in files.items():
        if not path.is_file():
            raise EarshotError(f"{path} is missing; learn again, or switch back: earshot learn --back {criterion}")
    return files


def loaded(files: Files) -> dict[str, Weights]:
    """Criterion → weights."""
    return {criterion: load(path) for criterion, path in files.items()}


def judge_name(files: Files) -> str:
    """Who judges, in judged_calls: another set of models makes every call due for judging."""
    return "+".join(["scorecard", *sorted(path.stem for path in files.values())])


def keep(con: duckdb.DuckDBPyConnection, settings: Settings, found: Learned, scorecard_version: str) -> str | None:
    """Keep a trained model, and put it in force if it is better: else the scorecard judges. Returns its version."""
    if found.weights is None:
        return None
    folder(settings).mkdir(parents=True, exist_ok=True)
    draft = folder(settings) / f".tmp-{os.getpid()}.npz"
    save(draft, found.names, found.weights)
    version = load(draft).version
    load.cache_clear()
    draft.replace(folder(settings) / f"{version}.npz")
    for table in ("learned_models", "learned_calls"):
        con.execute(f"delete from {table} where version = ?", [version])  # noqa: S608 - our own names
    con.execute("update learned_models set in_force = false where criterion = ?", [found.criterion])
    model, today = found.model, found.scorecard
    con.execute(
        "insert into learned_models values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [version, found.criterion, datetime.now(UTC), scorecard_version, model.n, model.alpha, model.low, model.high,
         today.alpha, found.better, found.better],
    )  # fmt: skip
    if found.held_out:
        con.executemany(
            "insert into learned_calls values (?, ?, ?)", [[version, *pair] for pair in sorted(found.held_out.items())]
        )
    return version


def switch_back(con: duckdb.DuckDBPyConnection, criterion: str) -> bool:
    """Let the scorecard judge a criterion again; False when it does already."""
    count = con.execute("select version from learned_models where in_force and criterion = ?", [criterion]).fetchall()
    con.execute("update learned_models set in_force = false where criterion = ?", [criterion])
    return bool(count)


def switch_to(con: duckdb.DuckDBPyConnection, version: str) -> str:
    """Put a model that was trained before in force; returns its criterion. Raises EarshotError when it is not known."""
    rows = con.execute("select criterion from learned_models where version = ?", [version]).fetchall()
    if not rows:
        raise EarshotError(f"There is no learned model {version}; see: earshot learn --list")
    (criterion,) = rows[0]
    con.execute("update learned_models set in_force = (version = ?) where criterion = ?", [version, criterion])
    return str(criterion)


def labels(blind: Iterable[Blind]) -> dict[str, dict[str, str]]:
    """Criterion → call_id → what most blind reviewers say."""
    found: dict[str, dict[str, str]] = {}
    for (call_id, criterion), result in consensus(blind).items():
        found.setdefault(criterion, {})[call_id] = result
    return found


BLIND = query("blind_results")
