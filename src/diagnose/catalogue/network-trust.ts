import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { NOT_A_SOURCE, SUMDB_ADDRESS, sourceFails, sourceSays } from './network-words.ts'

/** A certificate that is not trusted, or a handshake that fails. */
export const networkTls: Definition = decidedByWording({
  id: 'network.tls',
  title: 'Certificate or TLS failure',
  meaning:
    'The connection to a module source was made, and its certificate was not accepted or the two sides did not agree on TLS. Images without a bundle of certificate authorities (`scratch`, slim images), a company proxy that signs with an authority of its own, and a clock that is wrong are the usual reasons.',
  patterns: [
    {
      name: 'x509',
      anchor: ['x509: ', 'tls: '],
      regex: sourceFails(
        /x509: (?<reason>.{1,300})|(?:remote error: )?tls: (?!.{0,40}timeout)(?<tls>(?:handshake|bad|first record|protocol|unknown|internal|oversized|failed|no supported|server selected|alert|unsupported|received|expired|access).{0,200})/
      ),
      unless: NOT_A_SOURCE
    },
    {
      // fatal: unable to access …: SSL certificate problem: unable to get local issuer certificate · server certificate verification failed. CAfile: …
      name: 'git',
      anchor: [
        'SSL certificate problem',
        'certificate verification failed',
        'certificate verify failed',
        'SSL: no alternative certificate',
        'gnutls_handshake() failed',
        'error setting certificate',
        'schannel: ',
        'SSL routines',
        'curl: (60)',
        'curl: (35)',
        'curl: (77)'
      ],
      regex:
        /SSL certificate problem: |certificate verif(?:y|ication) failed|SSL: no alternative certificate|gnutls_handshake\(\) failed: (?!The TLS connection was non-properly)|error setting certificate (?:verify locations|file)|schannel: (?:next InitializeSecurityContext failed|.{0,100}revocation)|:SSL routines:|^\s*curl: \((?:35|51|58|60|77)\) /,
      unless: new RegExp(`SSL_ERROR_SYSCALL|${ASSERTED.source}`)
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) => sourceSays(line, 'has a certificate that was not accepted, or does not agree on TLS'),
  fix: () => [
    commands(prose`install the certificate authorities (Debian and Ubuntu, Alpine):`, [
      'apt-get install -y ca-certificates   # or: apk add ca-certificates'
    ]),
    commands(prose`for the authority of a company proxy, add it and let Go and git find it:`, [
      'cp company-ca.crt /usr/local/share/ca-certificates/ && update-ca-certificates',
      'export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'
    ]),
    advice(prose`check the clock of the machine: ${code('date -u')}.`)
  ],
  catches: [
    {
      log: 'go: example.com/a@v1.5.1: Get "<goproxy>/a/@v/v1.5.1.mod": x509: certificate signed by unknown authority\n',
      exitCode: 1
    },
    {
      log: 'go: example.com/a@v1.5.1: Get "https://proxy/a/@v/v1.5.1.mod": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z is before 2026-01-01T00:00:00Z\n',
      exitCode: 1
    },
    {
      log: "fatal: unable to access 'https://example.com/a/': SSL certificate problem: unable to get local issuer certificate\n",
      exitCode: 128
    },
    { log: 'go: example.com/a@v1: Get "https://proxy/a/@v/list": remote error: tls: handshake failure\n', exitCode: 1 }
  ],
  ignores: [
    {
      log: '--- FAIL: TestTLS (0.01s)\n    t_test.go:8: Get "https://127.0.0.1:1": x509: certificate signed by unknown authority\nFAIL\n',
      exitCode: 1
    },
    { log: 'go: example.com/a@v1: Get "<goproxy>/a.mod": net/http: TLS handshake timeout\n', exitCode: 1 }
  ],
  links: [
    'https://pkg.go.dev/crypto/x509#SystemCertPool',
    'https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslCAInfo'
  ]
})

/** The checksum database did not answer for a module. */
export const networkSumdb: Definition = decidedByWording({
  id: 'network.sumdb',
  title: 'The checksum database could not be asked',
  meaning:
    'Before Go trusts a module that go.sum does not know, it asks the public checksum database. That look-up failed: either the database cannot be reached from here although the module proxy can, or it does not know the module, because it is private and the database cannot fetch it.',
  patterns: [
    {
      // verifying module: example.com/a@v1.0.0: reading <sumdb>/lookup/example.com/a@v1.0.0: 404 Not Found   (modfetch/sumdb.go)
      name: 'lookup',
      anchor: ['/lookup/', '/tile/', '/sumdb/', 'initializing sumdb', 'GOSUMDB', 'checksum missing from sumdb'],
      regex: new RegExp(
        `^(?=.{0,2000}?(?:verifying |sumdb|checking tree|Get "?https?:|reading https?:|GOSUMDB)).{0,4000}?(?:${SUMDB_ADDRESS.source}|initializing sumdb\\.Client|checksum missing from sumdb response|(?:missing|invalid) GOSUMDB)`
      ),
      unless: new RegExp(`: checksum mismatch|${ASSERTED.source}`)
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: sumdbSays,
  fix: sumdbFix,
  catches: [
    {
      log: 'go: example.com/a@v1.0.0: verifying module: example.com/a@v1.0.0: reading https://sumdb.test/lookup/example.com/a@v1.0.0: 404 Not Found\n\tserver response: not found\n',
      exitCode: 1
    },
    {
      log: 'go: example.com/a@v0.2.0/go.mod: verifying module: example.com/a@v0.2.0/go.mod: Get "https://sumdb.test/lookup/example.com/a@v0.2.0": dial tcp 10.0.0.1:443: i/o timeout\n',
      exitCode: 1
    },
    {
      log: 'verifying example.com/a@v1.0.0: example.com/a@v1.0.0: initializing sumdb.Client: checking tree#1234: Get https://sumdb.test/tile/8/1/1: dial tcp: lookup sumdb.test: no such host\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'go: example.com/a@v1.0.0: verifying module: checksum mismatch\n', exitCode: 1 },
    {
      log: 'go: example.com/a@v1.0.0: Get "<goproxy>/example.com/a/@v/v1.0.0.zip": dial tcp 10.0.0.1:443: i/o timeout\n',
      exitCode: 1
    }
  ],
  links: ['https://go.dev/ref/mod#checksum-database', 'https://go.dev/ref/mod#private-modules']
})

const LOOKED_UP = /\/lookup\/(?<module>[^\s@"]{1,300})@|verifying (?:module: )?(?<verified>[^\s@:]{1,300})@/

function moduleLookedUp({ text }: LogLine): string | null {
  const groups = LOOKED_UP.exec(text)?.groups
  return groups?.['module'] ?? groups?.['verified'] ?? null
}

function sumdbSays(line: LogLine): Prose {
  const name = moduleLookedUp(line)
  return name === null
    ? prose`The checksum database could not be asked.`
    : prose`The checksum database gave no answer about ${code(name)}.`
}

function sumdbFix(line: LogLine): ReturnType<Definition['remedies']> {
  const name = moduleLookedUp(line)
  const isUnknown = /: (?:404|410)\b/.test(line.text)
  const prefix = name !== null && /^[\w.~/-]{1,300}$/.test(name) ? name.split('/').slice(0, 2).join('/') : null
  const isPrivate =
    prefix === null
      ? advice(prose`if the module is private, name its prefix in ${code('GOPRIVATE')}.`)
      : commands(prose`if the module is private, do not ask the public database about it:`, [
          `go env -w GOPRIVATE=${prefix}`
        ])
  const unreachable = commands(
    prose`if the database cannot be reached from here, commit a complete ${code('go.sum')}: known modules are not looked up.`,
    ['go mod tidy', 'git add go.sum']
  )
  return isUnknown ? [isPrivate, unreachable] : [unreachable, isPrivate]
}
