import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { hostIn, NOT_A_SOURCE, sourceFails } from './network-words.ts'

/** A name that no resolver knows. */
export const networkDns: Definition = decidedByWording({
  id: 'network.dns',
  title: 'A host name was not resolved',
  meaning:
    'The name of a module source could not be turned into an address. Either the name is wrong or known only inside another network (`GOPROXY`, a private host), or the resolver of this machine or container does not answer: containers and virtual machines often inherit a resolver that they cannot reach.',
  patterns: [
    {
      // dial tcp: lookup proxy.test on 192.168.1.1:53: no such host · lookup x: Temporary failure in name resolution   (net.DNSError)
      name: 'go',
      anchor: ': lookup ',
      regex: sourceFails(
        /: lookup (?<host>[A-Za-z0-9][\w.-]{0,252})(?: on \S{1,100})?: (?:no such host|server misbehaving|[Tt]emporary failure|Try again|i\/o timeout|read udp|write udp|dial udp|connection refused|cannot unmarshal|no answer|No address|Name does not resolve|getaddrinfo|device or resource busy|invalid DNS|lame referral|operation was canceled|context|No such host|This is usually)/
      ),
      unless: NOT_A_SOURCE
    },
    {
      // fatal: unable to access 'https://host/a/': Could not resolve host: host   (git, curl, ssh, apt, wget)
      name: 'git',
      anchor: [
        'ould not resolve',
        "ouldn't resolve",
        'Temporary failure in name resolution',
        'Temporary failure resolving',
        'unable to resolve host address',
        'Name or service not known',
        'nodename nor servname',
        'bad address'
      ],
      regex:
        /(?:[Cc]ould not|[Cc]ouldn't) resolve (?:host(?:name)?|proxy)(?: name)?:? '?(?<host>[A-Za-z0-9][\w.-]{0,252})?|^(?:fatal|ssh|wget|curl|E|Err|W|error)\b.{0,500}(?:Temporary failure|Name or service not known|nodename nor servname)|Temporary failure resolving '|unable to resolve host address|^wget: bad address/,
      unless: ASSERTED
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: dnsSays,
  fix: () => [
    commands(prose`see where Go looks, and which resolver this machine asks:`, [
      'go env GOPROXY GONOPROXY GOPRIVATE; cat /etc/resolv.conf',
      'go env -u GOPROXY'
    ]),
    advice(
      prose`in a container give the network a resolver that it can reach (${code('docker run --dns')}, ${code('docker build --network host')}), or keep the module cache between runs.`
    )
  ],
  catches: [
    {
      log: 'go: example.com/a@v2.0.0: Get "https://proxy.test/a/@v/v2.0.0.zip": dial tcp: lookup proxy.test on 192.168.1.1:53: no such host\n',
      exitCode: 1
    },
    {
      log: "go: example.com/a@v1: git fetch -f origin in /go/pkg/mod/cache/vcs/1: exit status 128:\n\tfatal: unable to access 'https://example.com/a/': Could not resolve host: example.com\n",
      exitCode: 1
    },
    {
      log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.mod": dial tcp: lookup proxy.test: Temporary failure in name resolution\n',
      exitCode: 1
    },
    {
      log: 'ssh: Could not resolve hostname git.test: Name or service not known\nfatal: Could not read from remote repository.\n',
      exitCode: 128
    }
  ],
  ignores: [
    {
      log: '--- FAIL: TestResolve (0.01s)\n    r_test.go:8: dial tcp: lookup nosuch.test: no such host\nFAIL\n',
      exitCode: 1
    },
    { log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.mod": dial tcp 10.0.0.1:443: i/o timeout\n', exitCode: 1 }
  ],
  links: ['https://go.dev/ref/mod#environment-variables', 'https://pkg.go.dev/net#DNSError']
})

function dnsSays(line: LogLine): Prose {
  const host = group(line, 'host') ?? hostIn(line.text)
  return host === null
    ? prose`A host name could not be resolved.`
    : prose`The host name ${code(host)} could not be resolved.`
}
