// Streamlit calls the default export at every change of data or theme, and may clean up late: it only ever
// brings the view up to date, and a clean-up counts only if nothing came after it.

import { engineFor, engines } from './engine.js'
import { View } from './view.js'

const mounted = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector('.player')
  const engine = data.sound && engineFor(data, () => setTriggerValue('renew', Date.now()))
  if (engine) engine.pin = data.pins ? at => setTriggerValue('pin', at) : null
  const shown = JSON.stringify([data.id, data.labels, data.dir, data.language, data.turns.map(unmarked)])
  const marks = JSON.stringify(data.turns.map(turn => turn.marks))
  let mount = mounted.get(parentElement)
  if (!mount || mount.root !== root || mount.engine !== engine || mount.shown !== shown) {
    mount?.view.destroy()
    if (mount?.engine && mount.engine !== engine) mount.engine.release()
    const asked = mount?.engine === engine && data.jump !== mount?.jump && data.focus !== null
    mount = { root, engine, shown, marks, view: new View(root, engine, data), turn: mount?.turn ?? 0, jump: data.jump }
    mounted.set(parentElement, mount)
    if (asked) mount.view.goTo(data.focus) // a moment was asked for, and texts changed with it
  } else {
    mount.view.recolour()
    if (marks !== mount.marks) mount.view.mark(data.turns)
    mount.marks = marks
    if (data.jump !== mount.jump && data.focus !== null) mount.view.goTo(data.focus)
    mount.jump = data.jump
  }
  const turn = ++mount.turn
  globalThis.earshotPlayers = engines // for tests, and for the curious
  return () => {
    if (mounted.get(parentElement) !== mount || mount.turn !== turn) return
    mount.view.destroy()
    mount.engine?.release()
    mounted.delete(parentElement)
  }
}

const unmarked = ({ marks, ...turn }) => turn
