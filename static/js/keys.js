// Single keys and the help beside the page. Every page works without this file; <html data-keys="off"> silences the keys.
(() => {
  'use strict'

  const off = () => document.documentElement.dataset.keys === 'off'
  const typing = (element) => element.closest('input, textarea, select, [contenteditable]') !== null
  const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0
  const panel = document.getElementById('help')
  let wantsKeys = false

  /** The focus goes to the row before or after the one it is in: to its first link, else its first button. */
  function row (step) {
    const rows = [...document.querySelectorAll('[data-key-row]')].filter(visible)
    if (!rows.length) return false
    const here = rows.findIndex((one) => one.contains(document.activeElement))
    const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1)]
    const goal = next.querySelector('a[href]') || next.querySelector('button') || next
    goal.focus()
    next.scrollIntoView({ block: 'nearest' })
    return true
  }

  /** Do what a key says: a place to go, a control to press, a part to go to. */
  function press (key) {
    const marked = [...document.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key && visible(one))
    if (!marked) return false
    if (marked.matches('a[href], button, summary')) marked.click()
    else marked.focus()
    return true
  }

  const keys = {
    '/': () => {
      const search = document.querySelector('[data-search]')
      if (!search || !visible(search)) return false
      search.focus()
      return true
    },
    '?': () => {
      const link = document.querySelector('[data-help]')
      if (!link) return false
      wantsKeys = true
      link.click()
      return true
    },
    j: () => row(1),
    k: () => row(-1)
  }

  document.addEventListener('keydown', (event) => {
    if (off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.key.length !== 1 || typing(event.target) || document.querySelector('dialog[open]')) return
    if (keys[event.key] ? keys[event.key]() : press(event.key)) event.preventDefault()
  })

  if (!panel) return
  const bones = document.getElementById('help-body').innerHTML

  // The panel opens at once and shows bones until the text is there; without an answer the link leads to the page.
  document.addEventListener('htmx:beforeRequest', (event) => {
    if (!event.target.matches('[data-help]')) return
    document.getElementById('help-body').innerHTML = bones
    if (!panel.open) panel.showModal()
    document.getElementById('help-title').focus()
  })
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.detail.target.id !== 'help-body') return
    const list = panel.querySelector('#help-keys')
    if (wantsKeys && list) {
      list.open = true
      list.querySelector('summary').focus()
    }
    wantsKeys = false
  })
  for (const lost of ['htmx:responseError', 'htmx:sendError']) {
    document.addEventListener(lost, (event) => {
      if (event.target.matches('[data-help]')) window.location.assign(event.target.href)
    })
  }
  panel.addEventListener('click', (event) => {
    if (event.target === panel) panel.close()
  })
})()
