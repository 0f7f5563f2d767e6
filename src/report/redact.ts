/** Values of these are secrets or name where they are. */
const SECRET_NAMES = /^(?:GOAUTH|.*(?:TOKEN|PASSWORD|SECRET).*)$/i

/** `https://user:password@host` without what stands before the `@`. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1***@')
}

/** Environment variables for a place that travels. */
export function shareable(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [
      name,
      SECRET_NAMES.test(name) && text !== '' ? '***' : withoutCredentials(text)
    ])
  )
}
