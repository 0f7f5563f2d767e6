import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Document } from 'openapi-backend'

const require = createRequire(import.meta.url)

type Json = Readonly<Record<string, unknown>>

let description: Json | undefined

/** GitHub's published description of its REST API. */
function published(): Json {
  const file = require.resolve('@octokit/openapi/generated/api.github.com.json')
  description ??= JSON.parse(readFileSync(file, 'utf8')) as Json
  return description
}

/** The part of GitHub's published description that these operations need, as a document of its own. */
export function describeOperations(operationIds: readonly string[]): Document {
  const whole = published()
  const paths: Record<string, Record<string, unknown>> = {}
  const found = new Set<string>()
  for (const [path, item] of Object.entries(whole['paths'] as Record<string, Json>)) {
    for (const [verb, operation] of Object.entries(item)) {
      const id = (operation as Json)['operationId']
      if (typeof id !== 'string' || !operationIds.includes(id)) continue
      paths[path] = { ...paths[path], [verb]: operation }
      found.add(id)
    }
  }
  const missing = operationIds.filter((id) => !found.has(id))
  if (missing.length > 0) throw new Error(`GitHub's description has no operation ${missing.join(', ')}`)
  return { openapi: whole['openapi'], info: whole['info'], paths, components: referredBy(paths) } as unknown as Document
}

function referredBy(root: unknown): Json {
  const kept: Record<string, Record<string, unknown>> = {}
  const follow = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    allowNull(node as Record<string, unknown>)
    const reference = (node as Json)['$ref']
    if (typeof reference === 'string') {
      const [kind = '', name = ''] = reference.split('/').slice(2)
      kept[kind] ??= {}
      if (!(name in kept[kind])) {
        kept[kind][name] = component(kind, name)
        follow(kept[kind][name])
      }
    }
    Object.values(node).forEach(follow)
  }
  follow(root)
  return kept
}

function component(kind: string, name: string): Json {
  return (published()['components'] as Record<string, Record<string, Json>>)[kind]?.[name] ?? {}
}

// Strictly read, `nullable` beside an `enum` without null forbids the null that GitHub really sends.
function allowNull(node: Record<string, unknown>): void {
  const values = node['enum']
  if (node['nullable'] === true && Array.isArray(values) && !values.includes(null)) node['enum'] = [...values, null]
}

/** The smallest value that a schema of GitHub's allows, with what is given instead. */
export function sample(schemaName: string, given: Json): Json {
  return { ...(smallest(component('schemas', schemaName)) as Json), ...given }
}

function smallest(schema: Json): unknown {
  if (typeof schema['$ref'] === 'string') {
    const [kind = '', name = ''] = schema['$ref'].split('/').slice(2)
    return smallest(component(kind, name))
  }
  if (schema['nullable']) return null
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const choice = ((schema['oneOf'] ?? schema['anyOf']) as Json[] | undefined)?.[0]
  if (choice) return smallest(choice)
  if (Array.isArray(schema['allOf'])) return Object.assign({}, ...schema['allOf'].map(smallest))
  switch (schema['type']) {
    case 'string':
      return smallestText(schema)
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1
    case 'boolean':
      return false
    case 'array':
      return []
    default:
      return smallestObject(schema)
  }
}

function smallestText(schema: Json): string {
  if (schema['format'] === 'uri') return 'https://api.github.com/'
  if (schema['format'] === 'date-time') return '2026-01-02T03:04:05Z'
  return schema['format'] === 'email' ? 'octocat@github.com' : 'text'
}

function smallestObject(schema: Json): Json {
  const properties = (schema['properties'] ?? {}) as Record<string, Json>
  const required = (schema['required'] ?? []) as string[]
  return Object.fromEntries(required.map((name) => [name, smallest(properties[name] ?? {})]))
}
