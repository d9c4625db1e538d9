"""The player in a real browser: it plays, follows, survives what the page does, and tells what was heard."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from models.app_store import AppStore, Heard
from models.settings import Settings
from tests.browser.sample import HOSTILE, SECONDS, TURNS

ENGINE = "[...earshotPlayers.values()].at(-1)"
AUDIO = f"{ENGINE}.audio"


@pytest.fixture
def heard(sample_store: Settings) -> Callable[[str], Heard]:
    """What the store knows of the reviewer's listening to a call."""
    store = AppStore(sample_store)
    return lambda call_id: store.heard("local", call_id)


@pytest.fixture
def open_call(page: Page, server: str) -> Callable[..., Page]:
    """Opens a call's page and waits for its first turn."""

    def open_it(call_id: str, language: str = "en") -> Page:
        page.goto(f"{server}/call?call_id={call_id}&lang={language}")
        page.locator(".turn").first.wait_for()
        return page

    return open_it


def now(page: Page) -> float:
    """Where the sound is, in seconds."""
    return float(page.evaluate(f"{AUDIO}.currentTime"))


def wait_until(condition: Callable[[], bool], within_s: float = 60) -> None:
    """Wait for something that happens outside the page."""
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def until(page: Page, expression: str, within_s: float = 60) -> None:
    """Wait for something in the page; the page's own policy forbids the browser to evaluate text there."""
    wait_until(lambda: bool(page.evaluate(expression)), within_s)


def play(page: Page, seconds: float = 0.5) -> None:
    """Press play and let some seconds pass."""
    page.get_by_role("button", name="Play", exact=True).click()
    start = now(page)
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime > {start + seconds}")


def test_plays_and_heard_seconds_arrive(open_call: Callable[..., Page], heard: Callable[[str], Heard]) -> None:
    """Three seconds of playing are three seconds heard, told to the store when the sound pauses."""
    page = open_call("mono")
    play(page, 3)
    page.get_by_role("button", name="Pause").click()
    wait_until(lambda: heard("mono").call_s >= 2.5)
    assert heard("mono").call_s == pytest.approx(now(page), abs=0.7)
    assert heard("mono").position_s == pytest.approx(now(page), abs=0.7)
    expect(page.locator(".status")).to_have_text(re.compile(r"Heard this week: 0:(0[3-9]|[1-3]\d)"))


def test_position_is_remembered(open_call: Callable[..., Page], heard: Callable[[str], Heard]) -> None:
    """Who comes back goes on where they left off, and what was heard is marked."""
    page = open_call("stereo")
    play(page)
    page.evaluate(f"{ENGINE}.seek(20)")
    until(page, f"{AUDIO}.currentTime > 21.5")
    page.get_by_role("button", name="Pause").click()
    wait_until(lambda: heard("stereo").position_s > 21)
    open_call("stereo")
    assert now(page) == pytest.approx(heard("stereo").position_s, abs=0.1)
    expect(page.locator(".heard i").first).to_be_attached()


def test_click_on_a_turn_seeks_and_plays(open_call: Callable[..., Page]) -> None:
    """A click on what was said leads to the sound of it, and the turn is marked."""
    page = open_call("stereo")
    page.locator(".turn").nth(4).locator(".said").click()
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= {TURNS[4][1]}")
    assert now(page) < TURNS[4][1] + 3
    expect(page.locator('.turn[aria-current="true"]')).to_contain_text("Refund it please.")


def test_transcript_follows_the_sound(open_call: Callable[..., Page]) -> None:
    """The turn that is being said is marked, between turns the last one."""
    page = open_call("stereo")
    for time_s, row in ((5, 1), (15, 2), (33, 6)):
        page.evaluate(f"{ENGINE}.seek({time_s})")
        expect(page.locator('.turn[aria-current="true"]')).to_have_attribute("data-row", str(row))


def test_click_on_a_lane_seeks(open_call: Callable[..., Page]) -> None:
    """The lanes are a time line."""
    page = open_call("stereo")
    box = page.locator(".wave").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + 20)
    until(page, f"Math.abs({AUDIO}.currentTime - {0.75 * SECONDS}) < 1")


def test_evidence_leads_to_its_moment(open_call: Callable[..., Page]) -> None:
    """Turns carry tags and lanes carry marks; a quote's time in the scorecard plays from there, again and again."""
    page = open_call("stereo")
    expect(page.locator(".turn").nth(2).locator(".tag")).to_have_text("+ empathy")
    expect(page.locator(".evidence .mark")).to_have_count(2)
    for _ in range(2):
        page.get_by_role("button", name="0:22", exact=True).click()
        until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime >= 22.5 && {AUDIO}.currentTime < 26")
        page.evaluate(f"{ENGINE}.pause(); {ENGINE}.seek(0)")
    expect(page.get_by_text("“<img src=x")).to_be_visible()


def test_lanes_are_agent_and_customer_or_everyone(open_call: Callable[..., Page]) -> None:
    """Two channels are two lanes, agent first; a mono recording is one."""
    expect(open_call("stereo").locator(".names span")).to_have_text(["Agent", "Customer"])
    expect(open_call("mono").locator(".names span")).to_have_text(["Everyone"])


def test_keyboard(open_call: Callable[..., Page]) -> None:
    """Space, arrows, speed and silence work while the player has the focus."""
    page = open_call("stereo")
    page.evaluate(f"{ENGINE}.seek(10)")
    page.locator(".player").focus()
    page.keyboard.press("ArrowRight")
    assert now(page) == pytest.approx(15, abs=0.5)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert now(page) == pytest.approx(TURNS[1][1], abs=0.5)
    page.keyboard.press(">")
    assert page.evaluate(f"{AUDIO}.playbackRate") == 1.25
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Skip silence and holds")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press(" ")
    until(page, f"!{AUDIO}.paused")
    page.keyboard.press(" ")
    until(page, f"{AUDIO}.paused")


def test_speed_and_skipped_silence(open_call: Callable[..., Page], heard: Callable[[str], Heard]) -> None:
    """At double speed sound passes twice as fast; skipped silence is jumped over and does not count as heard."""
    page = open_call("hostile")
    page.get_by_role("combobox", name="Speed").select_option("2")
    page.get_by_role("button", name="Skip silence and holds").click()
    page.evaluate(f"{ENGINE}.seek(11)")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, f"{AUDIO}.currentTime > 18")
    page.get_by_role("button", name="Pause").click()
    wait_until(lambda: heard("hostile").call_s > 0)
    assert heard("hostile").call_s < 4


def test_plays_on_through_a_language_change(open_call: Callable[..., Page]) -> None:
    """A change of language draws the whole page anew; the sound goes on, with new labels around it."""
    page = open_call("stereo")
    page.evaluate(f"{ENGINE}.seek(0)")
    play(page)
    before, started = now(page), time.monotonic()
    page.get_by_role("combobox", name=re.compile("Language|Langue")).click()
    page.get_by_role("option", name="Français").click()
    page.locator(".names").get_by_text("Client").wait_for()
    passed = time.monotonic() - started
    assert not page.evaluate(f"{AUDIO}.paused")
    assert 0 < now(page) - before < passed + 1
    assert page.evaluate("earshotPlayers.size") == 1


def test_plays_on_through_reruns_and_themes(open_call: Callable[..., Page]) -> None:
    """Neither a rerun nor a change between light and dark interrupts the sound; lanes take the new colours."""
    page = open_call("stereo")
    page.evaluate(f"{ENGINE}.seek(0)")
    play(page)
    page.locator("body").press("r")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".player")).to_have_attribute("data-scheme", "dark")
    page.wait_for_timeout(1000)
    assert not page.evaluate(f"{AUDIO}.paused")
    assert now(page) > 1


def test_leaving_the_page_ends_the_sound(open_call: Callable[..., Page], heard: Callable[[str], Heard]) -> None:
    """On another page nothing plays on, and what was heard until then is told."""
    page = open_call("hour")
    play(page, 2)
    page.get_by_role("link", name="Overview").click()
    until(page, "earshotPlayers.size === 0")
    wait_until(lambda: heard("hour").call_s >= 1.5)


def test_next_call_plays_its_own_sound(open_call: Callable[..., Page]) -> None:
    """From one call to the next, the first falls silent and the second has the stage."""
    page = open_call("stereo")
    play(page)
    page.get_by_role("link", name="Next call").click()
    until(page, "[...earshotPlayers.keys()].join() === 'player-rec-mono'")
    assert page.evaluate(f"{AUDIO}.paused")


def test_an_expired_pass_is_renewed(open_call: Callable[..., Page]) -> None:
    """A token that no longer opens the sound is replaced without the reader noticing."""
    page = open_call("stereo")
    page.evaluate(f"{ENGINE}.token = 'expired'; {AUDIO}.src = {ENGINE}.address(); {ENGINE}.seek(5)")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, f"!{AUDIO}.paused && {AUDIO}.currentTime > 5.5")


def test_sound_is_closed_to_others(open_call: Callable[..., Page], page: Page, server: str) -> None:
    """The address of the sound opens nothing without its token, nor in another browser."""
    page = open_call("stereo")
    address = page.evaluate(f"{AUDIO}.src")
    assert page.request.get(address).status == 200
    assert page.request.get(address.split("?")[0]).status == 403
    assert page.request.get(address, headers={"Cookie": ""}).status == 403


def test_hostile_text_stays_text(open_call: Callable[..., Page]) -> None:
    """HTML and markdown in transcripts, names and queues are shown as they were written."""
    page = open_call("hostile")
    expect(page.locator(".said")).to_have_text(HOSTILE)
    expect(page.get_by_text("<img src=x").nth(2)).to_be_attached()
    assert page.evaluate("window.hurt === undefined")
    assert page.locator('img[src="x"], strong:text("bold"), a[href^="https://example.org"]').count() == 0


def test_transcript_alone(open_call: Callable[..., Page]) -> None:
    """Without a recording there is the transcript, nothing to press, and a sentence that says so."""
    page = open_call("text")
    expect(page.locator(".notice")).to_contain_text("no recording of this call")
    expect(page.locator(".turn")).to_have_count(len(TURNS))
    assert page.locator(".player button").count() == 0
    page.locator(".turn").first.click()
    assert page.locator('.turn[aria-current="true"]').count() == 0


def test_meter_counts_only_what_could_be_heard(open_call: Callable[..., Page]) -> None:
    """Jumps, muted and too fast sound do not count; the last moment before a pause does."""
    page = open_call("stereo")
    heard = page.evaluate(
        """async () => {
          const { Meter, total } = await import('/_stcore/bidi-components/earshot.player/heard.js')
          const heard = {}
          const run = async (name, audio, change) => {
            const meter = new Meter(Object.assign(
              { currentTime: 10, playbackRate: 1, volume: 1, paused: false, muted: false, seeking: false }, audio), [])
            meter.tick()
            await new Promise(done => setTimeout(done, 300))
            Object.assign(meter.audio, change)
            meter.tick()
            heard[name] = Number(total(meter.all).toFixed(2))
          }
          await run('played', {}, { currentTime: 10.3 })
          await run('paused', {}, { currentTime: 10.3, paused: true })
          await run('jumped', {}, { currentTime: 15 })
          await run('back', {}, { currentTime: 5 })
          await run('muted', { muted: true }, { currentTime: 10.3 })
          await run('silenced', { volume: 0 }, { currentTime: 10.3 })
          await run('too_fast', { playbackRate: 4 }, { currentTime: 11.2 })
          await run('seeking', {}, { currentTime: 10.3, seeking: true })
          return heard
        }"""
    )
    counted = {"played": 0.3, "paused": 0.3}
    assert heard == {name: counted.get(name, 0) for name in heard}


def test_address_of_a_turn(open_call: Callable[..., Page]) -> None:
    """A link to a turn shows it and begins there, in a transcript without sound as well."""
    page = open_call("hour&turn=700")
    expect(page.locator('.turn[aria-current="true"]')).to_contain_text("turn 699")
    expect(page.locator('.turn[aria-current="true"]')).to_be_in_viewport()
    assert now(page) == pytest.approx(699 * 3.6, abs=0.1)
    page = open_call("text&turn=5")
    expect(page.locator('.turn[aria-current="true"]')).to_have_text("CustomerRefund it please.")


def test_long_call_stays_quick(open_call: Callable[..., Page]) -> None:
    """A thousand turns are found and shown at once wherever the reader jumps."""
    page = open_call("hour")
    expect(page.locator(".turn")).to_have_count(1000)
    changed = page.locator(".turn").first.evaluate(
        f"""turn => {{
          const watch = new MutationObserver(() => {{}})
          watch.observe(turn.getRootNode(), {{ subtree: true, childList: true, attributes: true, characterData: true }})
          for (let jump = 0; jump < 50; jump++) {{ {ENGINE}.seek((jump * 997) % 3600) }}
          return watch.takeRecords().length
        }}"""
    )
    assert 50 <= changed <= 50 * 20  # the marked turns and the line on the lanes, not all that was drawn
    page.evaluate(f"{ENGINE}.seek(3000)")
    expect(page.locator('.turn[aria-current="true"]')).to_have_attribute("data-row", "833")


def test_unsure_words_are_lighter(open_call: Callable[..., Page]) -> None:
    """Words that the speech model was unsure of are set apart, and the demonstration model is named."""
    page = open_call("stereo")
    expect(page.locator(".turn").first.locator(".unsure")).to_have_text(["Grace,", "you?"])
    expect(page.get_by_text("demonstration speech model")).to_be_visible()


@pytest.mark.parametrize(("address", "sentence"), [("", "Pick a call"), ("?call_id=nope", "no call with this id")])
def test_no_call_and_unknown_call(page: Page, server: str, address: str, sentence: str) -> None:
    """Without a call, or with an unknown one, the page says so and offers the newest."""
    page.goto(f"{server}/call{address}")
    expect(page.get_by_text(sentence)).to_be_visible()
    page.get_by_role("link", name="6 Mar 2026").click()
    page.locator(".turn").first.wait_for()


def test_narrow_window(open_call: Callable[..., Page], page: Page) -> None:
    """On a telephone nothing is cut off sideways."""
    page.set_viewport_size({"width": 390, "height": 844})
    page = open_call("stereo")
    box = page.locator(".player").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
