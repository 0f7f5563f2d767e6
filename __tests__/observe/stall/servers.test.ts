import { describe, expect, test } from '@jest/globals'
import { resolved, serverAtAddress, serverSettings, serversIn, serversOf } from '../../../src/observe/stall/servers.ts'
import { fakeProcesses } from '../../fakes/processes.ts'

const GO = ['golang', 'org'].join('.')

const shown = (servers: ReturnType<typeof serversOf>): readonly string[] =>
  servers.map(({ role, host, addresses }) => [role, host, ...addresses].join(' '))

describe('servers that settings name', () => {
  test('are Go’s own where nothing is set', () => {
    expect(shown(serversOf({}))).toEqual([`module proxy proxy.${GO}:443`, `checksum database sum.${GO}:443`])
  })

  test('are those of GOPROXY and GOSUMDB, with addresses where the name is one, and never a password', () => {
    const settings = serverSettings([
      'HOME=/root',
      'GOPROXY=https://me:secret@goproxy.example.com|http://10.1.0.7:3000/go,direct',
      `GOSUMDB=sum.${GO}+033de0ae https://[2001:db8::7]:8443`,
      'HTTPS_PROXY=proxy.example.com:3128'
    ])
    expect(shown(serversOf(settings))).toEqual([
      'module proxy goproxy.example.com:443',
      'module proxy 10.1.0.7:3000 10.1.0.7:3000',
      'checksum database [2001:db8::7]:8443 [2001:db8::7]:8443',
      'HTTP proxy proxy.example.com:3128'
    ])
  })

  test('are fewer where they are off', () => {
    expect(serversOf({ GOPROXY: 'off', GOSUMDB: 'off' })).toEqual([])
  })
})

test.each([
  [
    ['git-remote-https', 'origin', 'https://u:p@git.example.com/x.git'],
    'git-remote-https',
    ['Git server git.example.com:443']
  ],
  [['ssh', '-o', 'BatchMode=yes', 'git@git.example.com', 'git-upload-pack'], 'ssh', ['Git server git.example.com:22']],
  [['sh', '-c', 'curl http://localhost:8080/x'], 'sh', ['server localhost:8080 127.0.0.1:8080 [::1]:8080']],
  [['go', 'build', './...'], 'go', []]
])('the arguments %j name servers', (argv, tool, expected) => {
  expect(shown(serversIn(argv, tool))).toEqual(expected)
})

describe('a name', () => {
  const PROXY = serversOf({ GOPROXY: 'https://goproxy.example.com', GOSUMDB: 'off' })

  async function ask(stdout: string, code = 0) {
    const processes = fakeProcesses()
    processes.tools.set('getent', { code, stdout, stderr: '', problem: null })
    return resolved(processes, PROXY, new Set(['443']))
  }

  test('is known of an address that is its only one’s', async () => {
    const servers = await ask(
      '10.1.0.7        STREAM goproxy.example.com\n10.1.0.7        DGRAM\n2001:db8::7    STREAM\n'
    )
    expect(serverAtAddress(servers, '10.1.0.7:443')).toEqual({ role: 'module proxy', host: 'goproxy.example.com:443' })
    expect(serverAtAddress(servers, '[2001:db8::7]:443')).not.toBeNull()
    expect(serverAtAddress(servers, '10.1.0.8:443')).toBeNull()
  })

  test('is not known where two have the address', async () => {
    const servers = await ask('10.1.0.7        STREAM\n')
    const both = [
      ...servers,
      { role: 'checksum database', host: 'sum.example.com:443', addresses: ['10.1.0.7:443'] } as const
    ]
    expect(serverAtAddress(both, '10.1.0.7:443')).toBeNull()
  })

  test('is not asked for where the name service is silent, or nobody waits on its port', async () => {
    expect(await ask('', 2)).toEqual(PROXY)
    expect(await resolved(fakeProcesses(), PROXY, new Set(['80']))).toEqual(PROXY)
  })
})
