import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { browserUnavailable, renderMarkdown } from './browser.ts'
import { lane } from './lane.ts'

const good = `## Out of memory

> [!WARNING]
> The build reached its cap of 2 GiB.

- [x] diagnosed
- [ ] resumed

| package | peak |
|:--|--:|
| \`example.com/a\` | 1.2 GiB |

<details><summary>Memory over time</summary>

\`\`\`mermaid
---
config:
  themeVariables:
    xyChart:
      plotColorPalette: "#cf222e, #0969da"
---
xychart
  x-axis "seconds" 0 --> 30
  y-axis "GiB" 0 --> 4
  line [0.5, 1, 2, 3.5, 2]
  line [2, 2, 2, 2, 2]
\`\`\`

</details>

Not said to \`@someone\`.

<script>document.title = 'hacked'</script><b onclick="x()" style="color:red">bold</b>`

lane('browser', browserUnavailable(), () => {
  test('a page with a chart fits in both themes and widths', async () => {
    const renderings = await renderMarkdown(good, { open: true })
    expect(renderings.map(({ theme, width }) => `${theme} ${width}`)).toEqual([
      'light 780',
      'light 375',
      'dark 780',
      'dark 375'
    ])
    for (const rendering of renderings) {
      expect(rendering).toMatchObject({ overflowPx: 0, sideways: [], charts: 1, mermaidErrors: [], references: [] })
      const picture = readFileSync(rendering.png)
      expect(picture.subarray(1, 4).toString()).toBe('PNG')
      expect(picture.readUInt32BE(16)).toBe(rendering.width * 2)
      expect(picture.readUInt32BE(20)).toBe(rendering.heightPx * 2)
    }
  })

  test('what is too wide, broken or live is found', async () => {
    const bad = `${'x'.repeat(20)} thanks @octocat, see #12

| ${'wide '.repeat(3)} | b |
|--|--|
| \`${'x'.repeat(200)}\` | c |

\`\`\`mermaid
xychart
  line [not a number
\`\`\``
    const [rendering] = await renderMarkdown(bad, { themes: ['light'], widths: [375] })
    expect(rendering?.mermaidErrors).toEqual([expect.stringContaining('Parse error')])
    expect(rendering?.charts).toBe(0)
    expect(rendering?.references).toEqual(['@octocat', '#12'])
    expect(rendering?.sideways).toEqual([expect.objectContaining({ element: 'table', byPx: expect.any(Number) })])
  })
})
