import fc from 'fast-check'
import MarkdownIt from 'markdown-it'

/** Pieces of text that mean something to Markdown, HTML, GitHub, the runner or a terminal. */
const PIECES: readonly string[] = [
  '@acme/owners',
  '&#64;acme',
  '#123',
  'acme/shop#7',
  'GH-12',
  'deadbeef',
  '[x](https://evil.example)',
  '![x](https://evil.example/x.png)',
  'https://evil.example',
  'www.evil.example',
  'mail@evil.example',
  '<img src=x onerror=alert(1)>',
  '<script>',
  '</details>',
  '</summary>',
  '<!--',
  '-->',
  '<sub>',
  '`',
  '``',
  '```',
  '~~~',
  '|',
  '\\|',
  '\\',
  '\\\\',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  '===',
  '---',
  '***',
  '_a_',
  '~~b~~',
  '$x$',
  ':tada:',
  '::error::x',
  '::add-mask::y',
  '##[group]z',
  '##',
  '[',
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  '\t',
  '\u001b[31m',
  '\u001b]8;;https://evil.example\u0007',
  '\u009b31m',
  '\u0000',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\ud800',
  '🙂',
  ' ',
  'a'
]

export const hostileText = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() }), {
    minLength: 1,
    maxLength: 12
  })
  .map((pieces) => pieces.join(''))
  .filter((text) => text !== '')

/** Markdown as GitHub reads it in comments, where a single newline breaks the line. */
const markdown = new MarkdownIt({ html: true, linkify: true, breaks: true })

type Token = ReturnType<typeof markdown.parse>[number]

function tokensOf(text: string): readonly Token[] {
  const flat = (tokens: readonly Token[]): readonly Token[] =>
    tokens.flatMap((token) => [token, ...flat(token.children ?? [])])
  return flat(markdown.parse(text, {}))
}

/** The structure of a text without its words: what may not depend on what somebody else wrote. */
export function skeleton(text: string): readonly string[] {
  return tokensOf(text)
    .filter((token) => token.type !== 'text')
    .map((token) => `${token.type} ${token.tag} ${token.type.startsWith('html') ? token.content : ''}`.trim())
}

const OURS =
  /^(?:<!-- go-build-guard v1 [\w.-]+ [A-Za-z0-9+/=]* -->|<details(?: open)?><summary>(?:(?:❌|⚠️) <code>[^<>&]*(?:&#\d+;[^<>&]*)*<\/code>(?: and \d+ more)?: )?[\w .,():]+<\/summary>|<\/details>)\s*$/
const INLINE = /^<\/?(?:sub|code|a)>$|^<a href="https:\/\/github\.com\/acme\/shop\/actions\/runs\/\d+">$/

/** What is alive in a text although nobody on our side put it there. */
export function liveThings(text: string): readonly string[] {
  return tokensOf(text).flatMap((token) => {
    switch (token.type) {
      case 'image':
      case 'hr':
      case 'blockquote_open':
      case 'em_open':
      case 's_open':
      case 'code_block':
      case 'hardbreak':
      case 'ordered_list_open':
        return [token.type]
      case 'heading_open':
        return token.tag === 'h3' ? [] : [token.tag]
      case 'link_open':
        return String(token.attrGet('href')).startsWith('https://github.com/acme/shop/')
          ? []
          : [`link ${token.attrGet('href')}`]
      case 'html_block':
        return token.content
          .trim()
          .split('\n')
          .every((line) => OURS.test(line))
          ? []
          : [token.content]
      case 'html_inline':
        return INLINE.test(token.content) ? [] : [token.content]
      case 'text':
        return /@\w|(?:^|\W)#\d|\bGH-\d|https?:\/\/|\$\S+\$|[\u0000-\u0008\u200b\u202e]/.test(token.content)
          ? [`text ${token.content}`]
          : []
      default:
        return []
    }
  })
}
