"""``earshot learn``: let the listening hour teach the scorecard, criterion by criterion."""

from __future__ import annotations

import json
from typing import Any

import click

from ingest.learning import Outcome, check_criteria, learn_all
from ingest.progress import bar
from models.listening import learned
from models.listening.agreement import TRUSTED_CALLS, Agreement
from models.settings import load
from models.store import Store

NEXT = "Judge by it with: earshot score && earshot publish"
HISTORY = (
    "select criterion, version, trained_at::varchar as trained_at, calls, alpha, scorecard_alpha, better, in_force"
    " from learned_models order by criterion, learned_models.trained_at desc"
)


@click.command()
@click.option(
    "--back", "back", metavar="CRITERION", multiple=True, help="Let the scorecard judge this criterion again."
)
@click.option("--use", "version", metavar="VERSION", help="Put a model that was trained before in force.")
@click.option("--list", "listing", is_flag=True, help="List the models that were trained.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def learn(back: tuple[str, ...], version: str | None, listing: bool, as_json: bool) -> None:
    """Train a model per criterion on reviews, and let it judge where it agrees better with people.

    Agreement is Krippendorff's alpha on reviews held out from training, beside the scorecard's on the same calls. A
    model judges only if it is better in 95 % of bootstrap draws; switch back any time.

    Example:  earshot learn && earshot score && earshot publish
    """
    if back or version:
        switch(back, version, as_json)
    elif listing:
        history(as_json)
    else:
        with bar(as_json) as told:
            outcomes = learn_all(load(), told)
        report(outcomes, as_json)


def report(outcomes: list[Outcome], as_json: bool) -> None:
    """Say what was learned, a line per criterion."""
    if as_json:
        click.echo(json.dumps({"criteria": [as_row(outcome) for outcome in outcomes]}))
        return
    if not outcomes:
        click.echo("Nobody has judged a call blind yet: review calls in the listening hour first.")
    for outcome in outcomes:
        click.echo(sentence(outcome))
    if any(outcome.found.better for outcome in outcomes):
        click.echo(NEXT)


def sentence(outcome: Outcome) -> str:
    """What was found for one criterion."""
    found = outcome.found
    today = f"{found.criterion}: {found.scorecard.n} reviewed calls, scorecard {shown(found.scorecard)}"
    if found.weights is None:
        return f"{today}; too few to learn from ({TRUSTED_CALLS} calls, at least 8 met and 8 not met)."
    told = f"{today}, learned {shown(found.model)} on calls held out"
    return (
        f"{told}: the model {outcome.version} judges from now on." if found.better else f"{told}: the scorecard stays."
    )


def shown(agreement: Agreement) -> str:
    """α with its interval."""
    if agreement.alpha is None:
        return "α –"
    return f"α {agreement.alpha:.2f} ({agreement.low:.2f} to {agreement.high:.2f})"


def as_row(outcome: Outcome) -> dict[str, Any]:
    """For scripts."""
    found = outcome.found
    return {
        "criterion": found.criterion, "calls": found.scorecard.n, "scorecard_alpha": found.scorecard.alpha,
        "alpha": found.model.alpha, "better": found.better, "version": outcome.version,
    }  # fmt: skip


def switch(back: tuple[str, ...], version: str | None, as_json: bool) -> None:
    """Change by hand who judges."""
    with Store(load()).writing() as con:
        check_criteria(con, back)
        done = [criterion for criterion in back if learned.switch_back(con, criterion)]
        used = learned.switch_to(con, version) if version else None
    if as_json:
        click.echo(json.dumps({"back": done, "used": used}))
        return
    for criterion in back:
        click.echo(
            f"{criterion}: the scorecard judges again." if criterion in done else f"{criterion}: it does already."
        )
    if used:
        click.echo(f"{used}: the model {version} judges from now on.")
    click.echo(NEXT)


def history(as_json: bool) -> None:
    """The models that were trained, newest first."""
    with Store(load()).writing() as con:
        result = con.execute(HISTORY)
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if as_json:
        click.echo(json.dumps({"models": rows}))
        return
    for row in rows:
        state = "in force" if row["in_force"] else "better" if row["better"] else "not better"
        alphas = f"α {row['alpha']:.2f} against {row['scorecard_alpha']:.2f}" if row["alpha"] is not None else "α –"
        click.echo(
            f"{row['criterion']} {row['version']} {row['trained_at'][:16]} {row['calls']} calls, {alphas}: {state}"
        )
    if not rows:
        click.echo("No model has been trained yet: earshot learn")
