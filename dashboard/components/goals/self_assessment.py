"""The self-assessment: where the service stands, answering it statement by statement, over time, and who differs where."""

from __future__ import annotations

from textwrap import shorten

import pandas as pd
import streamlit as st

from dashboard import charts, goal_charts, queries, session
from dashboard.components import rights, tables
from dashboard.components.goals import Row, do
from dashboard.i18n import DASH, N_, _, date, lang, ngettext, number
from dashboard.session import reviewer, writer
from models.access.people import Action
from models.goals import assessments, questionnaire
from models.goals.questionnaire import HIGHEST, LOWEST, Area, Questionnaire, Statement

BANDS = {
    "asset": N_("the service is an asset"), "adequate": N_("the service is adequate"),
    "losing": N_("the service is losing customers"),
}  # fmt: skip
OPEN = "_assessment"
"""The number of the assessment that is being answered in this session."""
WIDEST = 5
"""Statements that are listed where respondents differ."""
STATEMENT = 110
"""Characters of a statement that are shown in a table."""


def show() -> None:
    """The questionnaire, or where the service stands and the button that opens it."""
    of = questionnaire.load()
    number_of: int | None = st.session_state.get(OPEN)
    if number_of is not None:
        _answering(of, number_of)
        return
    rows = [
        {str(k): v for k, v in row.items()} for row in queries.query("registers/assessment_results").to_dict("records")
    ]
    whole = [row for row in rows if row["is_whole"]]
    _standing(of, whole)
    _begin(of)
    if whole:
        _differ(of)
    if rows:
        _over_time(rows)


def band(code: object) -> str:
    """What a total means, in words."""
    return _(BANDS[str(code)])


def _standing(of: Questionnaire, whole: list[Row]) -> None:
    newest = [row for row in whole if row["is_newest"]]
    if not newest:
        st.info(_("Nobody has answered the self-assessment wholly yet: 25 statements in seven areas, from 1 to 5, in ten minutes. "
                  "What is answered is saved at once, and can be gone on with later."))  # fmt: skip
        return
    mean = queries.row("registers/assessment_mean")
    with st.container(border=True):
        told = ngettext("{n} respondent", "{n} respondents", len(newest)).format(n=number(len(newest)))
        st.header(_("Total {total} of 35").format(total=number(mean["total"], 1)))
        words = band(mean["band"])
        st.text(f"{words[:1].upper()}{words[1:]} · {told}")
        st.caption(_("The sum of the seven area means. 28 and more: the service is an asset; 21 to under 28: it is adequate; below "
                     "21: it is losing customers. Each respondent’s newest whole assessment counts; unfinished ones never do."))  # fmt: skip
        areas = queries.query("registers/assessment_areas")
        names = {area.id: area.name[lang()] for area in of.areas}
        st.plotly_chart(
            goal_charts.areas(areas, names, st.context.theme.type), key="assessment_areas", config=charts.CONFIG,
            alt=_("Mean of each area, with each respondent as a dot"),
        )  # fmt: skip


def _begin(of: Questionnaire) -> None:
    with st.container(border=True):
        st.header(_("Answer it"))
        st.session_state.setdefault("respondent", reviewer())
        name = st.text_input(_("Who answers"), max_chars=120, key="respondent", persist_state="session")
        going = assessments.unfinished(queries.app_store(), of, name) if name.strip() else None
        if going is not None:
            answered = len(assessments.answers(queries.app_store(), going))
            st.caption(
                _("{n} of {all} statements are answered already.").format(
                    n=number(answered), all=number(len(of.statements))
                )
            )
        label = _("Begin") if going is None else _("Go on")
        if st.button(
            label,
            key="assess",
            disabled=not name.strip() or not session.may(Action.ASSESS),
            help=rights.why_not(Action.ASSESS),
        ):
            do(lambda: _open(assessments.start(queries.app_store(), of, name, writer(Action.ASSESS))), "")


def _open(assessment_id: int) -> None:
    st.session_state[OPEN] = assessment_id
    for key in [key for key in st.session_state if str(key).startswith("answer_")]:
        del st.session_state[key]


@st.fragment
def _answering(of: Questionnaire, assessment_id: int) -> None:
    """Every statement with its five answers: Tab to the next, arrows or space to choose; each is kept at once."""
    known = assessments.answers(queries.app_store(), assessment_id)
    answered, all_ = len(known), len(of.statements)
    st.progress(answered / all_, _("{n} of {all} answered; saved").format(n=number(answered), all=number(all_)))
    st.caption(_("From 1, not at all true, to 5, wholly true. Tab leads to the next statement, the arrow keys choose."))
    for area in of.areas:
        with st.container(border=True):
            st.header(area.name[lang()])
            for statement in area.statements:
                _statement(of, assessment_id, statement, known.get(statement.id))
    if answered == all_:
        st.success(_("All are answered. It counts from now on; you may still change answers."))
    with st.container(horizontal=True):
        if st.button(_("Done") if answered == all_ else _("Go on later"), key="assessed"):
            del st.session_state[OPEN]
            st.rerun()
        st.button(
            _("Undo the last answer"), icon=":material/undo:", disabled=not known, key="undo_answer", on_click=_undo,
            args=(assessment_id,),
        )  # fmt: skip


def _statement(of: Questionnaire, assessment_id: int, statement: Statement, score: int | None) -> None:
    key = f"answer_{assessment_id}_{statement.id}"
    if key not in st.session_state:
        st.session_state[key] = score
    st.radio(
        statement.text[lang()], list(range(LOWEST, HIGHEST + 1)), index=None, horizontal=True, key=key,
        format_func=str, on_change=_keep, args=(of, assessment_id, statement.id, key),
    )  # fmt: skip


@session.telling
def _keep(of: Questionnaire, assessment_id: int, statement: str, key: str) -> None:
    assessments.answer(queries.app_store(), of, assessment_id, statement, st.session_state[key], writer(Action.ASSESS))


@session.telling
def _undo(assessment_id: int) -> None:
    statement = assessments.undo(queries.app_store(), assessment_id, writer(Action.ASSESS))
    st.session_state[f"answer_{assessment_id}_{statement}"] = assessments.answers(
        queries.app_store(), assessment_id
    ).get(statement)


def _differ(of: Questionnaire) -> None:
    """Statements that respondents answer most differently."""
    rows = queries.query("registers/assessment_spread", most=WIDEST)
    with st.container(border=True):
        st.header(_("Where respondents differ most"))
        if rows.empty:
            st.caption(_("Nowhere: there is one respondent, or all answer alike."))
            return
        st.caption(_("Talk about these first: somebody sees what others do not."))
        known = {statement.id: (area, statement) for area, statement in of.statements}
        shown = pd.DataFrame({
            "statement": [shorten(_text(known, str(row["statement"]), str(row["text"])), STATEMENT, placeholder="…") for row in rows.to_dict("records")],
            "range": [f"{low}–{high}" for low, high in zip(rows["lowest"], rows["highest"], strict=True)],
            "mean": [number(mean, 1) for mean in rows["mean"]],
            "who": [", ".join(f"{who} {score}" for who, score in zip(people, scores, strict=True))
                    for people, scores in zip(rows["people"], rows["scores"], strict=True)],
        })  # fmt: skip
        columns = {
            "statement": (_("Statement"), "quote"), "range": (_("Range"), "n"), "mean": (_("Mean"), "n"), "who": (_("Who"), "quote"),
        }  # fmt: skip
        tables.show(shown, columns, "assessment_spread", None, _("Where respondents differ most"))


def _text(known: dict[str, tuple[Area, Statement]], statement: str, english: str) -> str:
    return known[statement][1].text[lang()] if statement in known else english


def _over_time(rows: list[Row]) -> None:
    """Every assessment, unfinished ones without a total."""
    whole = pd.DataFrame([row for row in rows if row["is_whole"]])
    with st.container(border=True):
        st.header(_("Over time"))
        if len(whole) > 1:
            st.plotly_chart(
                goal_charts.totals(whole, st.context.theme.type), key="assessment_totals", config=charts.CONFIG,
                alt=_("Total of each whole assessment over time, with the bands"),
            )  # fmt: skip
        shown = pd.DataFrame({
            "day": [date(pd.Timestamp(row["answered_at"] if row["answered"] else row["started_at"])) for row in rows],
            "who": [str(row["respondent"]) for row in rows],
            "total": [number(row["total"], 1) if row["is_whole"] else DASH for row in rows],
            "band": [band(row["band"]) if row["is_whole"]
                     else _("unfinished: {n} of {all}, not counted").format(n=number(row["answered"]), all=number(row["statements"]))
                     for row in rows],
        })  # fmt: skip
        columns = {
            "day": (_("Day"), "text"), "who": (_("Who"), "text"), "total": (_("Total"), "n"), "band": (_("What it means"), "text"),
        }  # fmt: skip
        tables.show(shown, columns, "assessments", None, _("Every assessment, the newest first"))
