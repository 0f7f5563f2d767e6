import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { NOT_A_SOURCE, sourceFails, sourceSays } from './network-words.ts'

const GOPROXY_LINK = 'https://go.dev/ref/mod#environment-variables'

/** A module source that does not answer, or answers that it cannot. */
export const networkUnreachable: Definition = decidedByWording({
  id: 'network.unreachable',
  title: 'A module source could not be reached',
  meaning:
    'A module proxy or a version control server did not answer, closed the connection, or answered that it is overloaded or broken. The module itself may be fine. Usual reasons are a short disturbance, a firewall or proxy of the network (`HTTPS_PROXY`, `NO_PROXY`), a `GOPROXY` that is set to an address that only works elsewhere, and a container network without a way out.',
  patterns: [
    {
      // Get "https://<goproxy>/a/@v/v1.0.0.zip": dial tcp 10.0.0.1:443: connect: connection refused   (net, net/http)
      name: 'transport',
      anchor: [
        'i/o timeout',
        'connection refused',
        'connection timed out',
        'connection reset',
        'network is unreachable',
        'no route to host',
        'host is down',
        'handshake timeout',
        'deadline exceeded',
        'Client.Timeout',
        ': EOF',
        'unexpected EOF',
        'GOAWAY',
        'stream error',
        'connection lost',
        'connection force closed',
        'broken pipe',
        'roxyconnect',
        'forcibly closed',
        'actively refused',
        'did not properly respond',
        'unreachable network',
        'stopped after 10 redirects',
        'HTTP response to HTTPS client',
        'malformed HTTP',
        'socks connect',
        'server closed idle connection',
        'connection was aborted',
        'cannot assign requested address',
        'request canceled'
      ],
      regex: sourceFails(
        /: (?:i\/o timeout|EOF|unexpected EOF)(?=$|[\s"')\],;])|connection (?:refused|timed out|reset(?: by peer)?|was aborted)|network is unreachable|no route to host|host is down|handshake timeout|context deadline exceeded|Client\.Timeout|GOAWAY|stream error: stream ID|client connection (?:lost|force closed)|: broken pipe|proxyconnect tcp: |forcibly closed by the remote host|actively refused it|did not properly respond|unreachable network|stopped after 10 redirects|HTTP response to HTTPS client|malformed HTTP (?:response|status)|socks connect |server closed idle connection|cannot assign requested address|net\/http: request canceled/
      ),
      unless: new RegExp(`: lookup \\S|x509: |${NOT_A_SOURCE.source}`)
    },
    {
      // reading https://<goproxy>/a/@v/v1.0.0.mod: 502 Bad Gateway · unexpected status (https://…): 503 Service Unavailable   (go 1.12)
      name: 'status',
      anchor: [
        ': 5',
        '": Forbidden',
        'Service Unavailable',
        'Bad Gateway',
        'Gateway Time',
        'Proxy Auth',
        ': 429',
        ': 408',
        ': 425',
        ': 407',
        'returned error: 5',
        'returned error: 429',
        '410 Gone',
        'temporarily unavailable',
        'HTTP 5',
        'HTTP code 5'
      ],
      regex: sourceFails(
        /: (?:5\d\d|408|425|429) [A-Z<]|": (?:Forbidden|Service Unavailable|Bad Gateway|Gateway Time-?out|Proxy Authentication Required)$|: 407 Proxy|returned error: (?:5\d\d|429)|(?:HTTP|code|status)[ =](?:code[ =])?5\d\d\b|410 Gone.{0,300}temporarily|temporarily unavailable/
      ),
      unless: new RegExp(`esource temporarily unavailable|${NOT_A_SOURCE.source}`)
    },
    {
      // reading https://<goproxy>/a/@v/v1.0.0.mod: 410 Gone / server response: … temporarily unavailable …
      name: 'gone',
      anchor: '410 Gone',
      regex: sourceFails(/: 410 Gone$/),
      next: /temporarily unavailable|fetch timed out|try again/,
      unless: NOT_A_SOURCE
    },
    {
      // fatal: unable to access 'https://host/a/': Failed to connect to host port 443: Connection timed out   (git, libcurl, ssh)
      name: 'git',
      anchor: [
        'Failed to connect to',
        'ould not connect to',
        "ouldn't connect to",
        'Connection timed out',
        'Operation timed out',
        'Connection refused',
        'Connection reset',
        'Connection closed by',
        'SSL_ERROR_SYSCALL',
        'recv error',
        'RPC failed',
        'early EOF',
        'unexpected disconnect while reading',
        'remote end hung up',
        'Empty reply from server',
        'Network is unreachable',
        'No route to host',
        'Operation too slow',
        'gnutls_handshake() failed: The TLS connection was non-properly',
        'Failure when receiving data',
        'Internal Server Error',
        'Connection was reset'
      ],
      regex:
        /^(?=.{0,300}?(?:unable to access|fatal: |error: |ssh: |curl: |wget: |kex_exchange|Connection (?:closed|reset|timed)|Could not connect|abort: |Failed to connect|remote: )).{0,3000}?(?:Failed to connect to \S|[Cc]ould not connect to|Couldn't connect to server|(?:Connection|Operation) timed out|Connection (?:refused|reset|closed by)|Connection was reset|SSL_ERROR_SYSCALL|TLS recv error|SSL_read|RPC failed; |early EOF|unexpected disconnect while reading|remote end hung up unexpectedly|Empty reply from server|Network is unreachable|No route to host|Operation too slow|non-properly terminated|Failure when receiving data|remote: Internal Server Error)/,
      unless: new RegExp(`ould not resolve|[Pp]ermission denied|certificate|${ASSERTED.source}`)
    },
    {
      name: 'download',
      anchor: ['curl: (', 'on port 9418'],
      regex: /^\s*curl: \((?:5|7|16|18|28|52|55|56|92)\) |git protocol on port 9418 is no longer supported/
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) => sourceSays(line, 'did not answer as it should'),
  fix: () => [
    commands(prose`see where Go looks, and whether a wrong setting is left over:`, [
      'go env GOPROXY GONOPROXY GOPRIVATE GOFLAGS; env | grep -i _proxy',
      'go env -u GOPROXY'
    ]),
    commands(prose`try the download alone; what is in the module cache is not fetched again:`, ['go mod download -x']),
    advice(
      prose`keep the module cache between runs, or vendor (${code('go mod vendor')}): then a build needs no network.`
    )
  ],
  catches: [
    {
      log: 'go: example.com/a@v0.9.1: Get "<goproxy>/example.com/a/@v/v0.9.1.mod": dial tcp 10.0.0.1:443: connect: connection refused\n',
      exitCode: 1
    },
    {
      log: 'go: example.com/a@v0.3.0: Get https://proxy/a/@v/v0.3.0.mod: net/http: TLS handshake timeout\n',
      exitCode: 1
    },
    { log: 'main.go:4:2: example.com/a@v1.0.0: reading https://proxy/a/@v/v1.0.0.zip: 502 Bad Gateway\n', exitCode: 1 },
    {
      log: "go: example.com/a@v1.0.0: git ls-remote -q origin in /go/pkg/mod/cache/vcs/1: exit status 128:\n\tfatal: unable to access 'https://example.com/a/': Failed to connect to example.com port 443 after 130 ms: Couldn't connect to server\n",
      exitCode: 1
    },
    {
      log: 'go: example.com/a@v1.0.0: unrecognized import path "example.com/a": https fetch: Get "https://example.com/a?go-get=1": context deadline exceeded\n',
      exitCode: 1
    }
  ],
  ignores: [
    {
      log: '--- FAIL: TestDial (1.00s)\n    dial_test.go:9: dial tcp 127.0.0.1:1: connect: connection refused\nFAIL\n',
      exitCode: 1
    },
    { log: 'dial tcp 127.0.0.1:5432: connect: connection refused\nexit status 1\n', exitCode: 1 },
    {
      log: 'go: example.com/a@v1.0.0: Get "<goproxy>/a.mod": dial tcp: lookup proxy.test on 10.0.0.1:53: no such host\n',
      exitCode: 1
    },
    { log: 'go: example.com/a@v1.0.0: reading https://proxy/a/@v/v1.0.0.mod: 404 Not Found\n', exitCode: 1 }
  ],
  links: [GOPROXY_LINK, 'https://github.com/golang/go/blob/master/src/cmd/go/internal/web/api.go']
})
