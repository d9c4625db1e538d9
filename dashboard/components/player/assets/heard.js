// What was really heard: stretches of media time that passed while the sound was audible.

const JOIN_S = 0.05
const FASTEST = 2

/** The union of sorted, disjoint `stretches` with [start, end]. */
export function add(stretches, start, end) {
  if (!(end > start)) return stretches
  let [from, to] = [start, end]
  const apart = []
  for (const [a, b] of stretches) {
    if (b < from - JOIN_S || a > to + JOIN_S) apart.push([a, b])
    else [from, to] = [Math.min(from, a), Math.max(to, b)]
  }
  apart.push([from, to])
  return apart.sort((one, two) => one[0] - two[0])
}

/** Seconds covered by disjoint stretches. */
export const total = stretches => stretches.reduce((sum, [a, b]) => sum + b - a, 0)

/** Follows an audio element. `all` is what was heard so far, `pending` what was not reported yet. */
export class Meter {
  constructor(audio, heard) {
    this.audio = audio
    this.all = heard.map(([a, b]) => [a, b])
    this.pending = []
    this.last = null
  }

  /** Count what passed since the last tick, unless it was a jump: media time keeps to wall time × speed. */
  tick() {
    const { audio, last } = this
    const at = { media: audio.currentTime, wall: performance.now() / 1000, rate: audio.playbackRate }
    const audible = !audio.paused && !audio.muted && audio.volume > 0 && at.rate <= FASTEST
    this.last = audible && !audio.seeking ? at : null
    if (!last || audio.seeking) return
    const passed = at.media - last.media
    if (passed > 0 && passed <= (at.wall - last.wall) * last.rate * 1.15 + 0.3) {
      this.all = add(this.all, last.media, at.media)
      this.pending = add(this.pending, last.media, at.media)
    }
  }

  /** Count up to here; what comes next is elsewhere. */
  cut() {
    this.tick()
    this.last = null
  }

  /** Hand over what is pending, as [start, end] rounded to hundredths. */
  take() {
    const taken = this.pending
    this.pending = []
    return taken.map(([a, b]) => [Number(a.toFixed(2)), Number(b.toFixed(2))])
  }

  /** Take back what could not be reported: reporting twice counts once. */
  putBack(stretches) {
    for (const [a, b] of stretches) this.pending = add(this.pending, a, b)
  }
}
