// The sound itself. It lives outside the page's elements, so that it plays on while the page is redrawn.

import { Meter } from './heard.js'
import { keep, tellAll } from './untold.js'

const REPORT_EVERY_MS = 10_000
const GRACE_MS = 400
const LAST_TRIES = 90
const NEAR_END_S = 2
const REDRAW = ['play', 'playing', 'ratechange', 'loadedmetadata', 'durationchange', 'seeked', 'waiting']

export const engines = new Map()
const preferences = { rate: 1, skipSilence: false }

// Assets lie at <base>/_stcore/bidi-components/earshot.player/engine.js
const base = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '')

/** Post a report of what was heard; the status of the answer. Throws without a line. */
async function post(token, report, leaving = false) {
  const headers = { 'content-type': 'application/json', 'x-earshot-token': token }
  const request = { method: 'POST', headers, keepalive: leaving, body: JSON.stringify(report) }
  return (await fetch(`${base}/api/listen`, request)).status
}

tellAll(post)

/** The engine for `data.id`, made at first; told what may have changed. */
export function engineFor(data, renew) {
  let engine = engines.get(data.id)
  if (!engine) engines.set(data.id, (engine = new Engine(data.id, data.sound)))
  engine.keep()
  engine.renew = renew
  engine.useToken(data.sound.token)
  engine.useClip(data.sound.clip)
  return engine
}

export class Engine {
  constructor(id, sound) {
    this.id = id
    this.sound = sound
    this.token = sound.token
    this.failed = false
    this.watchers = new Set()
    this.audio = new Audio()
    this.audio.preload = 'none' // nothing is fetched, and nothing logged as opened, before somebody plays
    this.audio.preservesPitch = true
    this.audio.playbackRate = this.audio.defaultPlaybackRate = preferences.rate
    this.audio.src = this.address()
    const ended = sound.resume_s > sound.duration_s - NEAR_END_S
    if (sound.resume_s > 0 && !ended) this.audio.currentTime = sound.resume_s
    this.clip = null
    this.useClip(sound.clip)
    this.reported = this.audio.currentTime
    this.meter = new Meter(this.audio, sound.heard)
    this.listen()
  }

  listen() {
    const { audio, meter } = this
    audio.addEventListener('timeupdate', () => { meter.tick(); this.skip(); this.keepToClip(); this.changed() })
    audio.addEventListener('seeking', () => { meter.last = null; this.changed() })
    audio.addEventListener('playing', () => meter.tick())
    audio.addEventListener('volumechange', () => meter.cut())
    audio.addEventListener('pause', () => this.stopped())
    audio.addEventListener('ended', () => this.stopped())
    audio.addEventListener('error', () => this.broke())
    for (const event of REDRAW) audio.addEventListener(event, () => this.changed())
    // also while it rests: what could not be told when it paused is told once the server is there again
    this.timer = setInterval(() => { if (!audio.paused) meter.tick(); this.report() }, REPORT_EVERY_MS)
    this.online = () => this.report()
    addEventListener('online', this.online)
    this.hidden = () => { if (document.visibilityState === 'hidden') { meter.tick(); this.report(true) } }
    document.addEventListener('visibilitychange', this.hidden)
    addEventListener('pagehide', this.hidden)
  }

  address() {
    const recording = encodeURIComponent(this.sound.recording_id)
    return `${base}/api/audio/${recording}?token=${encodeURIComponent(this.token)}`
  }

  changed() {
    for (const watcher of this.watchers) watcher()
  }

  stopped() {
    this.meter.cut()
    this.report()
    this.changed()
  }

  /** A pass may have run out: ask for a new one once, and play on with it. */
  broke() {
    this.wasPlaying = this.wanted
    this.failed = true
    this.askForToken()
    this.changed()
  }

  askForToken() {
    if (this.asked === this.token) return
    this.asked = this.token
    this.renew?.()
  }

  useToken(token) {
    if (token === this.token) return
    this.token = token
    if (!this.failed) return
    const at = this.audio.currentTime
    this.failed = false
    this.audio.src = this.address()
    this.audio.currentTime = at
    if (this.wasPlaying) this.play()
  }

  /** Play only from clip[0] to clip[1] seconds; null: everything. */
  useClip(clip) {
    if (JSON.stringify(clip ?? null) === JSON.stringify(this.clip)) return
    this.clip = clip ?? null
    if (clip) this.audio.currentTime = clip[0]
  }

  keepToClip() {
    if (this.clip && this.playing && this.time >= this.clip[1]) this.pause()
  }

  get time() { return this.audio.currentTime }
  get playing() { return !this.audio.paused }
  get rate() { return this.audio.playbackRate }
  get skipsSilence() { return preferences.skipSilence }

  play() {
    this.wanted = true
    if (this.clip && (this.time < this.clip[0] || this.time >= this.clip[1])) this.seek(this.clip[0])
    this.audio.play().catch(() => this.changed())
  }

  pause() {
    this.wanted = false
    this.audio.pause()
  }

  toggle() {
    if (this.playing) this.pause()
    else this.play()
  }

  seek(time) {
    this.meter.cut()
    this.audio.currentTime = Math.max(0, Math.min(time, this.sound.duration_s))
    this.changed()
  }

  setRate(rate) {
    this.meter.tick()
    preferences.rate = this.audio.playbackRate = this.audio.defaultPlaybackRate = rate
  }

  setSkipSilence(skip) {
    preferences.skipSilence = skip
    this.changed()
  }

  skip() {
    if (!preferences.skipSilence || !this.playing) return
    const silence = this.sound.silences.find(([a, b]) => this.time >= a && this.time < b - 0.3)
    if (silence) this.seek(silence[1])
  }

  /** Tell the server what was heard and where we are. What can't be told now is told later. */
  async report(leaving = false) {
    const moved = Math.abs(this.time - this.reported) > 1
    if ((!this.meter.pending.length && !moved) || (this.reporting && !leaving)) return
    const intervals = this.meter.take()
    this.reporting = true
    try {
      await this.tell(intervals, this.time, leaving)
      this.reported = this.time
    } catch {
      this.meter.putBack(intervals)
    } finally {
      this.reporting = false
    }
  }

  /** Tell what is left when the sound ends, again and again while the server can't be reached. */
  async tellTheRest(position_s) {
    let moved = Math.abs(position_s - this.reported) > 1
    for (let tries = 0; tries < LAST_TRIES && (moved || this.reporting || this.meter.pending.length); tries += 1) {
      if (tries) await new Promise(done => setTimeout(done, REPORT_EVERY_MS))
      const intervals = this.meter.take()
      try {
        await this.tell(intervals, position_s, tries === 0)
        moved = false
      } catch {
        this.meter.putBack(intervals)
      }
    }
  }

  /** Tell it, and have the browser keep it until it is told. Throws when it is not. */
  async tell(intervals, position_s, leaving) {
    const report = { recording_id: this.sound.recording_id, intervals, position_s }
    keep(this.token, report)
    const status = await post(this.token, report, leaving)
    if (status === 403) this.askForToken()
    if (status >= 300) throw new Error(String(status))
    keep(this.token, { ...report, intervals: this.meter.pending })
  }

  /** The page let go: a redrawn page takes hold again within moments, otherwise the sound ends. */
  release() {
    this.dying = setTimeout(() => this.end(), GRACE_MS)
  }

  keep() {
    clearTimeout(this.dying)
  }

  end() {
    this.meter.cut()
    this.tellTheRest(this.time)
    clearInterval(this.timer)
    removeEventListener('online', this.online)
    document.removeEventListener('visibilitychange', this.hidden)
    removeEventListener('pagehide', this.hidden)
    engines.delete(this.id)
    this.watchers.clear()
    this.renew = null
    this.audio.pause()
    this.audio.removeAttribute('src')
    this.audio.load()
  }
}
