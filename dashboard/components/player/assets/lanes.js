// Who speaks when: one lane a party, drawn from levels measured when the recording was loaded.

import WaveSurfer from './vendor/wavesurfer.esm.js'
import { button, clock, element } from './dom.js'
import { told } from './transcript.js'

const LANE_HEIGHT = 44
const QUIETEST_FULL_SCALE = 24

export class Lanes {
  constructor(engine, lanes, labels) {
    this.engine = engine
    this.lanes = lanes
    this.labels = labels
    this.root = element('div', 'lanes')
    this.wave = element('div', 'wave')
    this.heard = element('div', 'heard')
    const names = element('div', 'names')
    for (const { who } of lanes) names.append(element('span', who, labels.speakers[who]))
    this.root.append(names, this.wave, this.heard)
  }

  /** Draw once the root is on the page: sizes and colours come from there. */
  draw() {
    const { audio, sound, meter } = this.engine
    const loudest = Math.max(QUIETEST_FULL_SCALE, ...this.lanes.flatMap(({ levels }) => levels))
    this.surfer = WaveSurfer.create({
      container: this.wave,
      media: audio,
      peaks: this.lanes.map(({ levels }) => levels.map(level => level / loudest)),
      duration: sound.duration_s,
      height: LANE_HEIGHT,
      barWidth: 2,
      barGap: 1,
      barRadius: 1,
      cursorWidth: 2,
      dragToSeek: true,
      ...this.colours(),
    })
    this.surfer.on('interaction', () => meter.cut())
    for (const event of ['click', 'drag']) {
      this.surfer.on(event, share => { if (!loaded(audio)) this.engine.seek(share * sound.duration_s) })
    }
  }

  /** The library moves its cursor with the sound; until that is fetched, move it here. */
  follow(time) {
    const { audio, sound } = this.engine
    if (!loaded(audio)) this.surfer?.getRenderer().renderProgress(time / sound.duration_s, false)
  }

  colours() {
    const style = getComputedStyle(this.root)
    const colour = name => style.getPropertyValue(`--${name}`).trim()
    const splitChannels = this.lanes.map(({ who }) => ({
      waveColor: colour(`${who}-soft`),
      progressColor: colour(who),
    }))
    return { splitChannels, cursorColor: colour('cursor') }
  }

  recolour() {
    this.surfer?.setOptions(this.colours())
  }

  /** Mark what has been heard under the lanes. */
  mark(stretches) {
    const { duration_s } = this.engine.sound
    const marks = stretches.map(([from, to]) => {
      const mark = element('i')
      mark.style.left = `${(100 * from) / duration_s}%`
      mark.style.width = `${(100 * (to - from)) / duration_s}%`
      return mark
    })
    this.heard.replaceChildren(...marks)
  }

  /** Where evidence is: pressing a mark plays from its turn. The scorecard has the same for the keyboard. */
  showEvidence(turns, seek) {
    const { duration_s } = this.engine.sound
    this.root.querySelector('.evidence')?.remove()
    const marked = turns.filter(({ at, marks }) => at !== null && marks.length)
    if (!marked.length) return
    const row = element('div', 'evidence')
    row.setAttribute('role', 'group')
    row.setAttribute('aria-label', this.labels.marks)
    for (const { at, marks } of marked) {
      const against = marks.some(mark => !mark.for)
      const label = `${clock(at)}: ${marks.map(mark => told(mark, this.labels)).join('; ')}`
      const mark = button(against ? 'mark against' : 'mark', '', label, () => seek(at))
      mark.tabIndex = -1
      mark.style.left = `${(100 * at) / duration_s}%`
      row.append(mark)
    }
    this.root.append(row)
  }

  destroy() {
    this.surfer?.destroy()
  }
}

const loaded = audio => audio.readyState > 0
