import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { join } from 'node:path'
import { createZip } from './zip.mjs'

/**
 * A server of the case's own on 127.0.0.1. `answer(path)` gives a status, `{ status, body, headers }`, `'reset'` or
 * `'never'`; `tls` (the `name` in a certificate that nobody signed) makes it HTTPS; `shownAs` is its name in a log.
 */
export async function serve({ answer, tls, shownAs = 'https://<goproxy>' }, top) {
  const listen = (request, response) => give(answer(request.url), request, response)
  const server = tls === undefined ? createServer(listen) : createTlsServer(certificate(tls, top), listen)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${server.address().port}`,
    shownAs,
    close() {
      server.closeAllConnections()
      server.close()
    }
  }
}

function give(answer, request, response) {
  if (answer === 'never') return
  if (answer === 'reset') return void request.socket.destroy()
  const { status, body, headers } = typeof answer === 'number' ? { status: answer, body: '' } : answer
  response.writeHead(status, headers).end(body)
}

function certificate({ name }, top) {
  const [key, cert] = [join(top, 'key.pem'), join(top, 'cert.pem')]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${name === '127.0.0.1' ? 'IP' : 'DNS'}:${name}`]
  const files = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', '-x509', ...files, ...subject, '-days', '9'], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

/** Answers as a module proxy that has `modules` (`path@version` → files); anything else is 404. */
export function moduleProxy(modules) {
  const known = new Map()
  for (const [id, files] of Object.entries(modules)) {
    const [path, version] = id.split('@')
    const base = `/${path}/@v/${version}`
    known.set(`${base}.info`, JSON.stringify({ Version: version, Time: '2024-01-02T03:04:05Z' }))
    known.set(`${base}.mod`, files['go.mod'])
    known.set(`${base}.zip`, createZip(Object.entries(files).map(([name, text]) => [`${id}/${name}`, text])))
    known.set(`/${path}/@v/list`, `${known.get(`/${path}/@v/list`) ?? ''}${version}\n`)
    known.set(`/${path}/@latest`, known.get(`${base}.info`))
  }
  return (url) => (known.has(url) ? { status: 200, body: known.get(url) } : { status: 404, body: 'not found\n' })
}
