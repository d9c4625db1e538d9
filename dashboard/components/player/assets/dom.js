// Elements are made here, and only with textContent: what people said is never read as HTML.

export function element(tag, name = '', text = null) {
  const made = document.createElement(tag)
  if (name) made.className = name
  if (text !== null) made.textContent = text
  return made
}

export function button(name, text, label, pressed) {
  const made = element('button', name, text)
  made.type = 'button'
  made.title = label
  made.setAttribute('aria-label', label)
  made.addEventListener('click', pressed)
  return made
}

/** 65 as 1:05, 3725 as 1:02:05. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const tail = `${hours ? String(minutes).padStart(2, '0') : minutes}:${String(rest).padStart(2, '0')}`
  return hours ? `${hours}:${tail}` : tail
}

/** Fill the {gaps} of a label. */
export const fill = (label, values) => label.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap)
