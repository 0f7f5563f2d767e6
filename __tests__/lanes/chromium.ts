import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import MarkdownIt from 'markdown-it'
import { type Browser, chromium, type Page } from 'playwright-core'
import { locate } from '../../testbed/locate.ts'

// Shows Markdown as GitHub would. Knows nothing of tests, so that scripts can use it too.

const require = createRequire(import.meta.url)

const styles = {
  light: require.resolve('github-markdown-css/github-markdown-light.css'),
  dark: require.resolve('github-markdown-css/github-markdown-dark.css')
}

export type Theme = 'light' | 'dark'

export interface RenderOptions {
  readonly themes?: readonly Theme[]
  readonly widths?: readonly number[]
  /** All collapsed parts shown open. */
  readonly open?: boolean
  readonly name?: string
  /** A single newline breaks the line, as in comments (default), or not, as in files and job summaries. */
  readonly breaks?: boolean
  /** Pixels of the picture for one of the page; default: 2. */
  readonly scale?: number
}

export interface Rendering {
  readonly theme: Theme
  readonly width: number
  /** Path of the picture. */
  readonly png: string
  readonly heightPx: number
  /** How much wider than the window the whole page is. */
  readonly overflowPx: number
  /** Tables and code that scroll sideways in their own box. */
  readonly sideways: readonly { readonly element: string; readonly byPx: number; readonly text: string }[]
  readonly charts: number
  readonly mermaidErrors: readonly string[]
  /** Live mentions and references, which would notify people. */
  readonly references: readonly string[]
  /** Where links and images lead. */
  readonly addresses: readonly string[]
}

/** Path of the browser on this machine, or null. */
export function findChromium(): string | null {
  return process.env['CHROMIUM'] ?? locate('chromium') ?? locate('chromium-browser') ?? locate('google-chrome')
}

/** The caller closes it. */
export function launchChromium(): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update']
  return chromium.launch({
    executablePath: findChromium() ?? '',
    args: ['--no-sandbox', '--no-first-run', '--disable-sync', ...quiet]
  })
}

/** Draws Markdown in each theme and width, measures it, and leaves `NAME.THEME.WIDTH.png` in the directory. */
export async function drawMarkdown(
  browser: Browser,
  markdown: string,
  outDir: string,
  options: RenderOptions = {}
): Promise<Rendering[]> {
  mkdirSync(outDir, { recursive: true })
  const html = new MarkdownIt({ html: true, linkify: true, breaks: options.breaks ?? true }).render(markdown)
  const renderings: Rendering[] = []
  for (const theme of options.themes ?? ['light', 'dark']) {
    const page = await openPage(browser, theme, { scale: options.scale ?? 2, withMermaid: html.includes('mermaid') })
    try {
      for (const width of options.widths ?? [780, 375]) {
        const png = join(outDir, `${options.name ?? 'page'}.${theme}.${width}.png`)
        await page.setViewportSize({ width, height: 600 })
        const sheet = JSON.stringify({ html, theme, width, open: options.open ?? false })
        const measured = await page.evaluate<Omit<Rendering, 'theme' | 'width' | 'png'>>(`showAsGitHub(${sheet})`)
        await page.locator('article').screenshot({ path: png })
        renderings.push({ theme, width, png, ...measured })
      }
    } finally {
      await page.close()
    }
  }
  return renderings
}

async function openPage(
  browser: Browser,
  theme: Theme,
  { scale, withMermaid }: { readonly scale: number; readonly withMermaid: boolean }
): Promise<Page> {
  const page = await browser.newPage({ deviceScaleFactor: scale, colorScheme: theme })
  await page.route('**', (route) => route.abort()) // nothing is fetched
  await page.setContent(frame(theme))
  if (withMermaid) {
    await page.addScriptTag({ content: readFileSync(require.resolve('mermaid/dist/mermaid.min.js'), 'utf8') })
  }
  await page.addScriptTag({ path: join(import.meta.dirname, 'github-page.js') })
  return page
}

function frame(theme: Theme): string {
  const dark = theme === 'dark'
  return `<!doctype html><meta charset="utf-8"><style>${readFileSync(styles[theme], 'utf8')}
    body { margin: 0; background: ${dark ? '#0d1117' : '#fff'} }
    .markdown-body { box-sizing: border-box; padding: 16px; font-size: 14px; font-family: "Noto Sans", Helvetica, Arial, sans-serif }
    .markdown-body pre.chart { background: none; border: 1px solid ${dark ? '#30363d' : '#d1d9e0'}; text-align: center }
    </style><article class="markdown-body"></article>`
}
