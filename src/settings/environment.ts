// What the runner gives to actions and not to `run:` steps: the inputs and state of the action, and the keys to its own
// services.
const HIDDEN_PREFIXES = ['INPUT_', 'STATE_']
const HIDDEN_NAMES = new Set([
  'GITHUB_STATE',
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RUNTIME_URL',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_URL',
  'ACTIONS_CACHE_SERVICE_V2'
])

/** The environment that a `run:` step in our place would have had. Windows names are compared without case. */
export function buildEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform
): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    const known = platform === 'win32' ? name.toUpperCase() : name
    const isHidden = HIDDEN_NAMES.has(known) || HIDDEN_PREFIXES.some((prefix) => known.startsWith(prefix))
    if (!isHidden && value !== undefined) kept[name] = value
  }
  return kept
}
