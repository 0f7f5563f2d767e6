import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { hostIn, NOT_A_SOURCE, sourceFails } from './network-words.ts'

/** The source wants to know who asks. */
export const moduleAuth: Definition = decidedByWording({
  id: 'module.auth',
  title: 'A module source asked for a login',
  meaning:
    'A repository or proxy refused access, or git would have asked for a user name and there is nobody to answer. The module is private, or its name is wrong and the server hides what does not exist. A login of the person who wrote the code does not exist on the build machine; the token of a GitHub job is good for its own repository only.',
  patterns: [
    {
      // fatal: could not read Username for 'https://host': terminal prompts disabled   (git)
      name: 'prompt',
      anchor: [
        'could not read Username',
        'could not read Password',
        'terminal prompts disabled',
        'user interactivity has been disabled',
        'No such device or address',
        'annot prompt because'
      ],
      regex:
        /could not read (?:Username|Password)(?: for '(?:https?:\/\/)?(?<host>[^'/]{1,200}))?|terminal prompts disabled|Cannot prompt because/,
      unless: ASSERTED
    },
    {
      // fatal: Authentication failed for … · git@host: Permission denied (publickey). · Host key verification failed.
      name: 'refused',
      anchor: [
        'uthentication failed',
        'Permission denied (',
        'ermission denied (publickey',
        'Host key verification failed',
        'HTTP Basic: Access denied',
        'nvalid username or ',
        'assword authentication was removed',
        'rite access to repository not granted',
        'nvalid credentials',
        'SAML SSO',
        'returned error: 401',
        'returned error: 403',
        'bad credentials',
        'Bad credentials',
        'insufficient scope',
        'oes not have access to',
        'access rights'
      ],
      regex:
        /^(?!.*_test\.go:\d)(?:.{0,500}?)(?:(?:fatal|remote|error): .{0,200}(?:[Aa]uthentication failed|[Ii]nvalid (?:username|credentials)|HTTP Basic: Access denied|[Bb]ad credentials|not granted|does not have access|SAML SSO|[Ii]nsufficient scope)|Permission denied \((?:publickey|password|keyboard)|^Host key verification failed|Host key verification failed\.|Support for password authentication was removed|returned error: 40[13]|enabled or enforced SAML SSO|Please make sure you have the correct access rights)/
    },
    {
      // reading https://<goproxy>/a/@v/list: 401 Unauthorized · 403 Forbidden · server response: … authentication
      name: 'status',
      anchor: [': 401', ': 403', '401 Unauthorized', '403 Forbidden'],
      regex: sourceFails(/: (?:401|403)(?=$|[\s"'):])|401 Unauthorized|403 Forbidden/),
      unless: NOT_A_SOURCE
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) => {
    const host = group(line, 'host') ?? hostIn(line.text)
    return host === null
      ? prose`A module source refused access, or asked for a login that this run does not have.`
      : prose`${code(host)} refused access, or asked for a login that this run does not have.`
  },
  fix: authFix,
  catches: [
    {
      log: "go: example.com/a@v0.1.8: invalid version: git ls-remote -q origin: exit status 128:\n\tfatal: could not read Username for 'https://example.com': terminal prompts disabled\n",
      exitCode: 1
    },
    {
      log: 'git@example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n',
      exitCode: 128
    },
    {
      log: 'go: example.com/a@v1.0.0: reading https://proxy/example.com/a/@v/v1.0.0.mod: 403 Forbidden\n',
      exitCode: 1
    },
    { log: "fatal: unable to access 'https://example.com/a/': The requested URL returned error: 403\n", exitCode: 128 }
  ],
  ignores: [
    { log: '--- FAIL: TestLogin (0.00s)\n    l_test.go:8: POST /login: 401 Unauthorized\nFAIL\n', exitCode: 1 },
    { log: 'mkdir /.cache: permission denied\n', exitCode: 1 },
    {
      log: 'go: example.com/a@v1.0.0: verifying module: reading https://sumdb.test/lookup/example.com/a@v1.0.0: 403 Forbidden\n',
      exitCode: 1
    }
  ],
  links: ['https://go.dev/ref/mod#private-module-repo-auth', 'https://go.dev/doc/faq#git_https']
})

function authFix(line: LogLine): ReturnType<Definition['remedies']> {
  const host = plainName(group(line, 'host') ?? hostIn(line.text)) ?? 'HOST'
  return [
    commands(prose`let git use a token that may read the repository, kept as a secret:`, [
      `git config --global url."https://x-access-token:\${TOKEN}@${host}/".insteadOf "https://${host}/"`
    ]),
    commands(prose`and keep Go from asking public services about it:`, [`go env -w GOPRIVATE=${host}/OWNER`]),
    advice(
      prose`in a container build, pass the token as a build secret; the settings of the machine outside are not seen inside.`
    )
  ]
}
