// Controls, lanes and transcript in one place, drawn from the engine's state.

import { button, clock, element, fill } from './dom.js'
import { total } from './heard.js'
import { Lanes } from './lanes.js'
import { Transcript } from './transcript.js'

const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2]
const STEP_S = 5

export class View {
  constructor(root, engine, data) {
    this.root = root
    this.engine = engine
    this.labels = data.labels
    this.writeIn = data.write_in
    root.replaceChildren()
    root.dir = data.dir
    root.setAttribute('aria-label', data.labels.player)
    this.seek = engine && (time => { engine.seek(time); if (!engine.playing) engine.play() })
    this.transcript = new Transcript(data.turns, data.labels, data.language, this.seek)
    this.recolour()
    if (engine) this.withSound(data)
    if (data.labels.notice) root.append(element('p', 'notice', data.labels.notice))
    if (data.turns.length) root.append(this.transcript.list)
    if (data.focus !== null) this.transcript.show(data.focus, true)
    if (!engine) return
    root.append(this.help())
    this.lanes.draw()
    this.repaint()
  }

  /** Show other evidence, in the transcript and below the lanes. */
  mark(turns) {
    this.transcript.mark(turns)
    this.lanes?.showEvidence(turns, this.seek)
  }

  /** Show a turn, and play from it where there is sound. */
  goTo(row) {
    this.transcript.show(row, true)
    const at = this.transcript.turns[row]?.at ?? null
    if (this.seek && at !== null) this.seek(at)
    this.root.scrollIntoView({ block: 'nearest' })
  }

  withSound(data) {
    const { engine, root } = this
    this.lanes = new Lanes(engine, data.sound.lanes, data.labels)
    this.lanes.showEvidence(data.turns, this.seek)
    root.append(this.controls(), this.lanes.root)
    root.tabIndex = 0
    root.onkeydown = event => this.key(event)
    this.anywhere = event => this.keyAnywhere(event)
    document.addEventListener('keydown', this.anywhere)
    this.repaint = () => this.paint()
    engine.watchers.add(this.repaint)
  }

  controls() {
    const { engine, labels } = this
    const bar = element('div', 'controls')
    this.play = button('play', '', labels.play, () => engine.toggle())
    this.play.append(element('i'))
    this.skip = button('skip', labels.skip_silence, labels.skip_silence, () => {
      engine.setSkipSilence(!engine.skipsSilence)
    })
    this.clock = element('span', 'clock')
    this.status = element('span', 'status')
    this.status.setAttribute('role', 'status')
    const extras = element('div', 'extras')
    if (engine.pin) extras.append(button('pin', labels.pin, labels.pin, () => this.pin()))
    extras.append(this.skip, this.speed())
    bar.append(
      button('step', `−${STEP_S}`, labels.back, () => engine.seek(engine.time - STEP_S)),
      this.play,
      button('step', `+${STEP_S}`, labels.forward, () => engine.seek(engine.time + STEP_S)),
      this.clock, this.status, extras,
    )
    return bar
  }

  speed() {
    this.rate = element('select')
    this.rate.setAttribute('aria-label', this.labels.speed)
    this.rate.title = this.labels.speed
    for (const rate of RATES) {
      const option = element('option', '', `${rate.toLocaleString(this.labels.locale)}×`)
      option.value = rate
      this.rate.append(option)
    }
    this.rate.addEventListener('change', () => this.engine.setRate(Number(this.rate.value)))
    return this.rate
  }

  help() {
    const made = element('details', 'help')
    made.append(element('summary', '', this.labels.keyboard))
    const keys = element('dl')
    for (const [names, meaning] of this.labels.keys) {
      const term = element('dt')
      term.append(...names.map(name => element('kbd', '', name)))
      keys.append(term, element('dd', '', meaning))
    }
    made.append(keys)
    return made
  }

  /** Keys work while the player has the focus, so that typing elsewhere is never taken for a command. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.closest('select, summary') && event.key !== 'Escape') return
    if (event.target.closest('.controls') && event.key === ' ') return // space presses the focused button
    const action = this.actions()[event.key]
    if (!action) return
    event.preventDefault()
    event.stopPropagation()
    action()
  }

  /** Two keys work wherever nobody types: play, and pin the moment. Escape leads back from the words to the player. */
  keyAnywhere(event) {
    if (event.key === 'Escape' && this.engine.pin && event.target.matches?.(this.writeIn)) this.root.focus()
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return
    const on = event.composedPath()[0]
    if (on.isContentEditable || on.closest?.('input, textarea, select, [role=combobox], [role=textbox]')) return
    const action = { k: () => this.engine.toggle(), p: this.engine.pin && (() => this.pin()) }[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  /** Tell the page the moment that is heard, and let the reviewer write about it. */
  pin() {
    this.engine.pin(Number(this.engine.time.toFixed(1)))
    document.querySelector(this.writeIn)?.focus()
  }

  actions() {
    const { engine } = this
    const turn = steps => {
      const at = this.transcript.startNear(engine.time, steps)
      if (at !== null) engine.seek(at)
    }
    return {
      ' ': () => engine.toggle(),
      k: () => engine.toggle(),
      ArrowLeft: () => engine.seek(engine.time - STEP_S),
      ArrowRight: () => engine.seek(engine.time + STEP_S),
      ArrowUp: () => turn(-1),
      ArrowDown: () => turn(1),
      '<': () => this.faster(-1),
      '>': () => this.faster(1),
      s: () => engine.setSkipSilence(!engine.skipsSilence),
      ...(engine.pin && { p: () => this.pin() }),
    }
  }

  faster(steps) {
    const next = RATES.indexOf(this.engine.rate) + steps
    this.engine.setRate(RATES[Math.max(0, Math.min(next, RATES.length - 1))])
  }

  paint() {
    const { engine, labels } = this
    const doing = engine.playing ? labels.pause : labels.play
    this.play.classList.toggle('playing', engine.playing)
    this.play.setAttribute('aria-label', doing)
    this.play.title = doing
    this.skip.setAttribute('aria-pressed', String(engine.skipsSilence))
    this.rate.value = engine.rate
    this.clock.textContent = `${clock(engine.time)} / ${clock(engine.sound.duration_s)}`
    this.paintHeard()
    this.lanes.follow(engine.time)
    this.transcript.follow(engine.time, engine.playing)
  }

  paintHeard() {
    const { engine, labels } = this
    const heard = engine.meter.all
    const told = fill(labels.heard, { time: clock(total(heard)) })
    this.status.textContent = engine.failed ? labels.failed : told
    this.status.classList.toggle('failed', engine.failed)
    const key = JSON.stringify(heard)
    if (key === this.marked) return
    this.marked = key
    this.lanes.mark(heard)
  }

  /** Light or dark: canvases and lane colours can't follow the page's theme by themselves. */
  recolour() {
    const scheme = dark(getComputedStyle(this.root).getPropertyValue('--st-background-color')) ? 'dark' : 'light'
    if (this.root.dataset.scheme === scheme) return
    this.root.dataset.scheme = scheme
    this.lanes?.recolour()
  }

  destroy() {
    this.engine?.watchers.delete(this.repaint)
    document.removeEventListener('keydown', this.anywhere)
    this.lanes?.destroy()
  }
}

/** Whether a colour, in any notation, is nearer to black than to white. */
function dark(colour) {
  const context = document.createElement('canvas').getContext('2d')
  context.fillStyle = colour.trim() || '#fff'
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128
}
