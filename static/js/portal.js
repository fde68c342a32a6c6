// Small comforts; every page works without this file. No inline code anywhere: the content security policy forbids it.
(() => {
  'use strict'

  // Escape closes an open menu and returns to its button.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      for (const menu of document.querySelectorAll('details[data-menu][open]')) {
        menu.open = false
        menu.querySelector('summary').focus()
      }
    }
  })

  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      if (!menu.contains(event.target)) menu.open = false
    }

    const copy = event.target.closest('.copy')
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.text).then(() => {
        say(`${pattern.dataset.copied} ${copy.dataset.text}`)
        copy.classList.add('copied')
        setTimeout(() => copy.classList.remove('copied'), 2000)
      })
    }

    // <button type="button" data-reveal="id of a password field" hidden>
    const reveal = event.target.closest('[data-reveal]')
    if (reveal) {
      const field = document.getElementById(reveal.dataset.reveal)
      const shown = field.type === 'text'
      field.type = shown ? 'password' : 'text'
      reveal.setAttribute('aria-pressed', String(!shown))
    }

    // A link of the error summary leads to the first control of a group, not to its frame.
    const link = event.target.closest('[data-errors] a')
    if (link) {
      const target = document.getElementById(link.hash.slice(1))
      const control = target && (target.matches('input, select, textarea') ? target : target.querySelector('input, select, textarea'))
      if (control) {
        event.preventDefault()
        control.focus()
      }
    }
  })

  /** Say something to screen readers (and show it) in the page's status region. */
  function say (text) {
    const region = document.getElementById('messages')
    if (region && text) {
      const note = document.createElement('div')
      note.className = 'note'
      note.textContent = text
      region.replaceChildren(note)
    }
  }

  // A passkey that the browser refused, or that nobody touched in time: say so instead of nothing.
  document.addEventListener('allauth.error', (event) => {
    const told = document.querySelector('[data-passkey-failed]')
    if (told) {
      event.preventDefault()
      told.hidden = false
    }
  })

  // The theme changes at once, so that a half-filled form is not lost to a reload.
  document.addEventListener('submit', (event) => {
    const form = event.target.closest('[data-theme-form]')
    if (!form || !event.submitter) return
    event.preventDefault()
    const body = new FormData(form, event.submitter)
    const theme = event.submitter.value
    if (theme) document.documentElement.dataset.theme = theme
    else delete document.documentElement.dataset.theme
    for (const button of form.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button === event.submitter))
    }
    fetch(form.action, { method: 'POST', body, redirect: 'manual', credentials: 'same-origin' }).catch(() => {})
  })

  // After a swap the focus goes to the first mistake, else to the heading of what came.
  document.addEventListener('htmx:afterSettle', (event) => {
    const part = event.detail.elt
    if (part.id === 'help-body') return  // keys.js
    const goal = part.querySelector('[data-errors]') || part.querySelector('h1[tabindex], [data-focus]')
    if (goal) goal.focus()
  })

  // <span data-copies="nip">19790214 200501 1 008</span>: a button behind it, only where copying works.
  const pattern = document.getElementById('copy-button')
  const arm = () => {
    for (const element of document.querySelectorAll('[data-copies]')) {
      if (element.querySelector('.copy')) continue
      const kind = element.dataset.copies
      const shown = element.textContent.trim()
      const button = pattern.content.cloneNode(true).querySelector('.copy')
      button.dataset.text = kind === 'nip' ? shown.replace(/\s/g, '') : shown
      button.setAttribute('aria-label', `${pattern.dataset[kind]} ${shown}`)
      element.append(button)
    }
  }

  // What needs this file is hidden until it runs.
  const wake = () => {
    for (const button of document.querySelectorAll('[data-reveal][hidden]')) button.hidden = false
    if (pattern && navigator.clipboard) arm()
  }
  wake()
  document.addEventListener('htmx:afterSettle', wake)
})()
