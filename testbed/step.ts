import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIST, type Ended, type Stand, type Started } from './stand.ts'

/** One step `uses: …` of a job, started as the runner starts it: its variables, its files, its inputs. */
export class Step {
  readonly stand: Stand
  readonly workspace: string
  readonly #files: string
  readonly #inputs: Readonly<Record<string, string>>

  constructor(stand: Stand, inputs: Readonly<Record<string, string>>) {
    this.stand = stand
    this.#inputs = inputs
    this.workspace = stand.fresh('workspace')
    this.#files = stand.fresh('runner-files')
    for (const folder of [this.workspace, this.#files]) mkdirSync(folder)
    for (const name of ['output', 'state', 'summary', 'env', 'path']) writeFileSync(join(this.#files, name), '')
    writeFileSync(join(this.#files, 'event.json'), '{}')
  }

  /** `runs.main`. */
  startMain(): Started {
    return this.#start('main', {})
  }

  /** `runs.post`, with what main saved, or what somebody made of it. */
  post(state: Readonly<Record<string, string>> = this.state): Promise<Ended> {
    const variables = Object.entries(state).map(([name, text]) => [`STATE_${name}`, text])
    return this.#start('post', Object.fromEntries(variables)).ended
  }

  get outputs(): Readonly<Record<string, string>> {
    return readPairs(this.#read('output'))
  }

  get state(): Readonly<Record<string, string>> {
    return readPairs(this.#read('state'))
  }

  get summary(): string {
    return this.#read('summary')
  }

  #read(name: string): string {
    return readFileSync(join(this.#files, name), 'utf8')
  }

  #start(half: 'main' | 'post', more: Readonly<Record<string, string>>): Started {
    const inputs = Object.entries(this.#inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text])
    return this.stand.start(this.stand.around([process.execPath, join(DIST, `${half}/index.js`)]), {
      cwd: this.workspace,
      env: { ...this.#variables, ...Object.fromEntries(inputs), ...more }
    })
  }

  get #variables(): Readonly<Record<string, string>> {
    const file = (name: string) => join(this.#files, name)
    return {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octo-org/hello',
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_NUMBER: '42',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'build',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_WORKFLOW_REF: 'octo-org/hello/.github/workflows/ci.yml@refs/heads/main',
      GITHUB_WORKSPACE: this.workspace,
      GITHUB_EVENT_PATH: file('event.json'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_ENV: file('env'),
      GITHUB_PATH: file('path'),
      RUNNER_TEMP: this.stand.temporary,
      RUNNER_OS: 'Linux'
    }
  }
}

/** `NAME<<DELIMITER`, the value, `DELIMITER`: how the toolkit writes outputs and state. */
function readPairs(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/^([^\n=]+?)<<(\S+)\n([\s\S]*?)\n?\2$/gm)]
  return Object.fromEntries(pairs.map(([, name = '', , value = '']) => [name, value]))
}
