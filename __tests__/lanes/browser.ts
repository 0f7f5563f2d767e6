import { afterAll } from '@jest/globals'
import { temporaryFolder } from '../../testbed/workbench.ts'
import { drawMarkdown, findChromium, launchChromium, type Rendering, type RenderOptions } from './chromium.ts'

/** Why nothing can be rendered on this machine, or null. */
export function browserUnavailable(): string | null {
  return findChromium() === null ? 'there is no chromium (Debian package chromium, or CHROMIUM set to its path)' : null
}

/**
 * Shows Markdown as GitHub would, in each theme and width, and measures it. The pictures go to `outDir`; without it to a
 * directory that is removed after the test file.
 */
export async function renderMarkdown(
  markdown: string,
  { outDir, ...options }: RenderOptions & { readonly outDir?: string } = {}
): Promise<Rendering[]> {
  launched ??= launchChromium()
  return drawMarkdown(await launched, markdown, outDir ?? temporaryFolder('browser'), options)
}

// One browser for a test file, ended with it.
let launched: ReturnType<typeof launchChromium> | undefined
afterAll(async () => (await launched)?.close())
