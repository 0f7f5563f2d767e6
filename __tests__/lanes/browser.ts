import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import MarkdownIt from 'markdown-it'
import { type Browser, chromium } from 'playwright-core'
import { locate, temporaryFolder } from './workbench.ts'

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
  /** Where the pictures go; default: a directory that is removed after the test file. */
  readonly outDir?: string
  readonly name?: string
  /** A single newline breaks the line, as in comments (default), or not, as in files and job summaries. */
  readonly breaks?: boolean
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
}

/** Why nothing can be rendered on this machine, or null. */
export function browserUnavailable(): string | null {
  return browserPath() === null ? 'there is no chromium (Debian package chromium, or CHROMIUM set to its path)' : null
}

/** Shows Markdown as GitHub would, in each theme and width, and measures it. */
export async function renderMarkdown(markdown: string, options: RenderOptions = {}): Promise<Rendering[]> {
  const outDir = options.outDir ?? temporaryFolder('browser')
  mkdirSync(outDir, { recursive: true })
  const html = new MarkdownIt({ html: true, linkify: true, breaks: options.breaks ?? true }).render(markdown)
  launched ??= launch()
  const renderings: Rendering[] = []
  for (const theme of options.themes ?? ['light', 'dark']) {
    for (const width of options.widths ?? [780, 375]) {
      const png = join(outDir, `${options.name ?? 'page'}.${theme}.${width}.png`)
      renderings.push(await renderOne(await launched, { html, theme, width, open: options.open ?? false, png }))
    }
  }
  return renderings
}

// One browser for a test file, ended with it.
let launched: Promise<Browser> | undefined
afterAll(async () => (await launched)?.close())

function browserPath(): string | null {
  return process.env['CHROMIUM'] ?? locate('chromium') ?? locate('chromium-browser') ?? locate('google-chrome')
}

function launch(): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update']
  return chromium.launch({
    executablePath: browserPath() ?? '',
    args: ['--no-sandbox', '--no-first-run', '--disable-sync', ...quiet]
  })
}

interface Sheet {
  readonly html: string
  readonly theme: Theme
  readonly width: number
  readonly open: boolean
  readonly png: string
}

async function renderOne(browser: Browser, { png, ...sheet }: Sheet): Promise<Rendering> {
  const { theme, width } = sheet
  const page = await browser.newPage({ viewport: { width, height: 600 }, deviceScaleFactor: 2, colorScheme: theme })
  try {
    await page.route('**', (route) => route.abort()) // nothing is fetched
    await page.setContent(frame(theme))
    await page.addScriptTag({ content: readFileSync(require.resolve('mermaid/dist/mermaid.min.js'), 'utf8') })
    await page.addScriptTag({ path: join(import.meta.dirname, 'github-page.js') })
    const measured = await page.evaluate<Omit<Rendering, 'theme' | 'width' | 'png'>>(
      `showAsGitHub(${JSON.stringify(sheet)})`
    )
    await page.locator('article').screenshot({ path: png })
    return { theme, width, png, ...measured }
  } finally {
    await page.close()
  }
}

function frame(theme: Theme): string {
  const dark = theme === 'dark'
  return `<!doctype html><meta charset="utf-8"><style>${readFileSync(styles[theme], 'utf8')}
    body { margin: 0; background: ${dark ? '#0d1117' : '#fff'} }
    .markdown-body { box-sizing: border-box; padding: 16px; font-size: 14px; font-family: "Noto Sans", Helvetica, Arial, sans-serif }
    .markdown-body pre.chart { background: none; border: 1px solid ${dark ? '#30363d' : '#d1d9e0'}; text-align: center }
    </style><article class="markdown-body"></article>`
}
