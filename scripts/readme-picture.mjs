// Draws the README's picture from a stored job summary, as GitHub would show it: docs/images/report-THEME.png.
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { drawMarkdown, launchChromium } from '../__tests__/lanes/chromium.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, '__tests__/report/goldens/summary-recovered.md')
const images = join(root, 'docs/images')

// The first collapsed part is the chart of memory; the others stay closed.
const markdown = readFileSync(source, 'utf8').replace('<details>', '<details open>')

const browser = await launchChromium()
try {
  const options = { name: 'report', widths: [780], breaks: false, scale: 1.15 }
  for (const { theme, png, mermaidErrors } of await drawMarkdown(browser, markdown, images, options)) {
    if (mermaidErrors.length > 0) throw new Error(`the chart cannot be drawn: ${mermaidErrors.join('; ')}`)
    renameSync(png, join(images, `report-${theme}.png`))
    console.log(`docs/images/report-${theme}.png`)
  }
} finally {
  await browser.close()
}
