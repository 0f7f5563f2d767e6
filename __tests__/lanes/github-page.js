// Runs in the browser: turns rendered Markdown into what GitHub shows, and measures it.

// What GitHub's sanitizer lets through, as far as reports use it: no style, no class, no script.
const allowedTags = new Set(
  `h1 h2 h3 h4 h5 h6 p br hr a b strong i em s del ins code pre kbd samp var q sub sup ul ol li dl dt dd blockquote
  table thead tbody tr th td details summary img picture source div span`.split(/\s+/)
)
const allowedAttributes = new Set(
  'href title src alt width height media srcset open align colspan rowspan start type'.split(' ')
)

function sanitize(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  for (const element of parsed.body.querySelectorAll('*')) {
    const tag = element.localName
    if (tag === 'script' || tag === 'style') {
      element.remove()
    } else if (!allowedTags.has(tag)) {
      element.replaceWith(...element.childNodes)
    } else {
      clean(element)
    }
  }
  return parsed.body.childNodes
}

function clean(element) {
  const align = /^text-align: ?(left|right|center)$/.exec(element.getAttribute('style') ?? '')?.[1]
  const language = /^language-[\w-]+$/.exec(element.className)?.[0]
  for (const { name, value } of [...element.attributes]) {
    const unsafe = (name === 'href' || name === 'src') && !/^(https?:|mailto:|#|\/|\.)/i.test(value)
    if (!allowedAttributes.has(name) || unsafe) element.removeAttribute(name)
  }
  if (align) element.align = align
  if (element.localName === 'code' && language) element.className = language
}

function drawAlerts(article) {
  for (const quote of article.querySelectorAll('blockquote')) {
    const first = quote.querySelector(':scope > p:first-child')
    const kind = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]/.exec(first?.textContent ?? '')?.[1]
    if (!kind) continue
    const title = document.createElement('p')
    title.className = 'markdown-alert-title'
    title.textContent = kind[0] + kind.slice(1).toLowerCase()
    const box = document.createElement('div')
    box.className = `markdown-alert markdown-alert-${kind.toLowerCase()}`
    first.innerHTML = first.innerHTML.replace(/^\[!\w+\](<br>)?\s*/, '')
    box.append(title, ...quote.childNodes)
    quote.replaceWith(box)
  }
}

function drawTasks(article) {
  for (const item of article.querySelectorAll('li')) {
    const text = (item.querySelector(':scope > p') ?? item).firstChild
    const mark = text?.nodeType === Node.TEXT_NODE && /^\[([ xX])\] /.exec(text.data)
    if (!mark) continue
    const box = Object.assign(document.createElement('input'), {
      type: 'checkbox',
      disabled: true,
      checked: mark[1] !== ' '
    })
    box.className = 'task-list-item-checkbox'
    text.data = text.data.slice(3)
    text.before(box)
    item.className = 'task-list-item'
  }
}

async function drawMermaid(article, theme) {
  const errors = []
  let charts = 0
  if (!globalThis.mermaid) return { charts, mermaidErrors: errors }
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: theme === 'dark' ? 'dark' : 'default' })
  for (const code of article.querySelectorAll('pre > code.language-mermaid')) {
    try {
      const { svg } = await mermaid.render(`chart-${charts}-${errors.length}`, code.textContent)
      code.parentElement.className = 'chart'
      code.parentElement.innerHTML = svg
      charts++
    } catch (error) {
      errors.push(error.message.split('\n')[0])
    }
  }
  for (const left of document.querySelectorAll('body > [id^="dchart-"]')) left.remove()
  return { charts, mermaidErrors: errors }
}

// Text that GitHub would turn into a mention or a reference, and so would notify somebody.
function findReferences(article) {
  const active = /(?:^|[^\w/])(@[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\/[\w-]+)?|(?:[\w-]+\/[\w.-]+)?#\d+|GH-\d+)(?!\w)/gi
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
  const found = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest('code, pre, a, svg, style')) continue
    found.push(...[...node.data.matchAll(active)].map((match) => match[1]))
  }
  return found
}

function findAddresses(article) {
  const live = [...article.querySelectorAll('[href], [src], [srcset]')].filter((element) => !element.closest('svg'))
  return live.map((element) => ['href', 'src', 'srcset'].map((name) => element.getAttribute(name) ?? '').join(''))
}

function measure(article, width) {
  const sideways = [...article.querySelectorAll('table, pre')]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => ({
      element: element.localName,
      byPx: element.scrollWidth - element.clientWidth,
      text: element.textContent.trim().slice(0, 60)
    }))
  return {
    overflowPx: Math.max(0, document.documentElement.scrollWidth - width),
    sideways,
    heightPx: article.offsetHeight
  }
}

globalThis.showAsGitHub = async ({ html, theme, width, open }) => {
  const article = document.querySelector('article')
  article.replaceChildren(...sanitize(html))
  drawAlerts(article)
  drawTasks(article)
  if (open) for (const part of article.querySelectorAll('details')) part.open = true
  const drawn = await drawMermaid(article, theme)
  return {
    ...drawn,
    references: findReferences(article),
    addresses: findAddresses(article),
    ...measure(article, width)
  }
}
