// What could not be told to the server before a tab was closed: kept by the browser, told by the next page with a player.

const PREFIX = 'earshot.untold.'
const OLDEST_MS = 7 * 24 * 3600 * 1000
const TAB = Math.random().toString(36).slice(2)

const store = () => { try { return localStorage } catch { return null } } // a browser may forbid it

/** Keep a report of this tab until it is told; one without stretches is forgotten. `report` is the body to post. */
export function keep(token, report) {
  const key = `${PREFIX}${report.recording_id}.${TAB}`
  try {
    if (report.intervals.length) store()?.setItem(key, JSON.stringify({ token, report, at: Date.now() }))
    else store()?.removeItem(key)
  } catch { /* full: then it is only kept in memory */ }
}

/** Tell what other tabs left behind, with `post(token, report)`; what is refused or too old is dropped. */
export async function tellAll(post) {
  for (const key of Object.keys(store() ?? {}).filter(name => name.startsWith(PREFIX) && !name.endsWith(TAB))) {
    try {
      const { token, report, at } = JSON.parse(store().getItem(key))
      const status = Date.now() - at < OLDEST_MS ? await post(token, report) : 410
      if (status < 500) store().removeItem(key)
    } catch (error) {
      if (error instanceof SyntaxError) store().removeItem(key) // else there is no line: next time
    }
  }
}
