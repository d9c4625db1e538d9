// The turns of a call as a list that follows the sound. One listener serves all rows: calls have up to thousands.

import { clock, element, fill } from './dom.js'

const HANDS_OFF_MS = 4000
const EARLY_S = 0.02

export class Transcript {
  constructor(turns, labels, language, seek) {
    this.turns = turns
    this.labels = labels
    this.seek = seek
    this.timed = turns.map((turn, row) => ({ row, at: turn.at })).filter(({ at }) => at !== null)
    this.current = -1
    this.handsOffUntil = 0
    this.list = this.build(language)
    this.listen()
  }

  build(language) {
    const list = element('div', this.timed.length ? 'turns' : 'turns untimed')
    list.setAttribute('role', 'list')
    list.setAttribute('aria-label', this.labels.transcript)
    if (language) list.lang = language
    this.rows = this.turns.map((turn, row) => this.row(turn, row))
    list.append(...this.rows)
    this.tabStop = this.rows.findIndex((_, row) => this.canSeek(row))
    if (this.tabStop >= 0) this.timeOf(this.tabStop).tabIndex = 0
    return list
  }

  row(turn, row) {
    const made = element('div', `turn ${turn.who}`)
    made.setAttribute('role', 'listitem')
    made.dataset.row = row
    const who = element('b', 'who', this.labels.speakers[turn.who])
    made.append(this.time(turn), who, said(turn, this.labels.unsure))
    if (turn.marks.length) made.append(tags(turn.marks, this.labels))
    return made
  }

  time(turn) {
    if (turn.at === null || !this.seek) return element('span', 'time', turn.at === null ? '' : clock(turn.at))
    const made = element('button', 'time', clock(turn.at))
    made.type = 'button'
    made.tabIndex = -1
    made.setAttribute('aria-label', fill(this.labels.play_from, { time: clock(turn.at) }))
    return made
  }

  /** Show other evidence in the same turns: nothing else changes, nothing scrolls away. */
  mark(turns) {
    turns.forEach(({ marks }, row) => {
      this.rows[row].querySelector('.tags')?.remove()
      if (marks.length) this.rows[row].append(tags(marks, this.labels))
    })
  }

  timeOf(row) { return this.rows[row].firstChild }

  canSeek(row) { return this.seek !== null && this.turns[row]?.at !== null && this.turns[row] !== undefined }

  listen() {
    const handsOn = () => { this.handsOffUntil = performance.now() + HANDS_OFF_MS }
    for (const event of ['wheel', 'touchmove', 'pointerdown']) {
      this.list.addEventListener(event, handsOn, { passive: true })
    }
    this.list.addEventListener('click', event => this.clicked(event))
  }

  clicked(event) {
    const row = event.target.closest('.turn')
    if (!row || String(getSelection()).trim()) return // people also select words to quote them
    const index = Number(row.dataset.row)
    if (!this.canSeek(index)) return
    this.handsOffUntil = 0
    this.seek(this.turns[index].at)
  }

  /** The row being said at `time`: the last that began, -1 before the first. */
  rowAt(time) {
    let [low, high] = [0, this.timed.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.timed[middle].at <= time + EARLY_S) low = middle + 1
      else high = middle
    }
    return low ? this.timed[low - 1].row : -1
  }

  /** The start of the turn `steps` away from the one at `time`, or null. */
  startNear(time, steps) {
    const here = this.timed.findIndex(({ row }) => row === this.rowAt(time))
    return this.timed[Math.max(0, Math.min(here + steps, this.timed.length - 1))]?.at ?? null
  }

  follow(time, scroll) {
    const row = this.rowAt(time)
    if (row !== this.current) this.show(row, scroll && performance.now() > this.handsOffUntil)
  }

  /** Mark a row as the one that counts now; -1 marks none. */
  show(row, reveal) {
    this.rows[this.current]?.removeAttribute('aria-current')
    this.current = row
    if (row < 0) return
    this.rows[row].setAttribute('aria-current', 'true')
    this.moveTabStop(row)
    if (reveal) this.reveal(row)
  }

  moveTabStop(row) {
    if (!this.canSeek(row)) return
    this.timeOf(this.tabStop).tabIndex = -1
    this.tabStop = row
    this.timeOf(row).tabIndex = 0
  }

  reveal(row) {
    const [list, line] = [this.list.getBoundingClientRect(), this.rows[row].getBoundingClientRect()]
    const top = this.list.scrollTop + line.top - list.top - list.height / 3
    const far = Math.abs(top - this.list.scrollTop) > 2 * list.height
    const calm = far || matchMedia('(prefers-reduced-motion: reduce)').matches
    this.list.scrollTo({ top, behavior: calm ? 'auto' : 'smooth' })
  }
}

/** "speaks for: Empathy", in the reader's language. */
export const told = (mark, labels) => fill(mark.for ? labels.speaks_for : labels.speaks_against, { name: mark.label })

/** The criteria for which a turn is evidence. */
function tags(marks, labels) {
  const made = element('p', 'tags')
  made.lang = labels.locale
  for (const mark of marks) {
    const tag = element('span', mark.for ? 'tag' : 'tag against', `${mark.for ? '+' : '−'} ${mark.label}`)
    tag.title = told(mark, labels)
    made.append(tag)
  }
  return made
}

/** What was said, with words that the speech model was unsure of set apart. */
function said(turn, unsure) {
  const made = element('p', 'said')
  made.dir = 'auto'
  let from = 0
  for (const [start, end] of turn.unsure) {
    made.append(turn.text.slice(from, start))
    const word = element('span', 'unsure', turn.text.slice(start, end))
    word.title = unsure
    made.append(word)
    from = end
  }
  made.append(turn.text.slice(from))
  return made
}
