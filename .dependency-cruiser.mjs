/**
 * The import boundaries, as ARCHITECTURE.md draws them: inside core the arrows run one way, and what is replaceable is
 * touched in one place. `tests/workspace/boundaries.test.ts` plants a violation of each rule and expects it to be found.
 */

/** Core's layers, from the outside in. A layer may import from the layers behind it, and from itself. */
const layers = [
  ['browser'],
  ['client', 'webhook', 'encryption'],
  ['task'],
  ['payment'],
  ['transport', 'schema', 'schedule', 'journal'],
  ['observable'],
  ['errors'],
  ['lib'],
]
const folder = (names) => `^packages/core/src/(${names.join('|')})/`
const tests = '\\.test\\.ts$'

const arrows = layers.slice(1).flatMap((layer, depth) => {
  const outer = layers.slice(0, depth + 1).flat()
  return layer.map((name) => ({
    name: `core-${name}-imports-inwards`,
    comment:
      'index → {client, webhook, encryption} → task → payment → {transport, schema, schedule, journal} → observable → errors → lib',
    severity: 'error',
    from: { path: folder([name]), pathNot: tests },
    to: { path: folder([...outer, ...layer.filter((sibling) => sibling !== name)]) },
  }))
})

export default {
  forbidden: [
    ...arrows,
    {
      name: 'core-only-index-is-outermost',
      severity: 'error',
      from: { path: '^packages/core/src/[^/]+/', pathNot: tests },
      to: { path: '^packages/core/src/[^/]+\\.ts$' },
    },
    {
      name: 'core-one-file-imports-ky',
      severity: 'error',
      from: { path: '^packages/core/', pathNot: '^packages/core/src/transport/ky-send\\.ts$' },
      to: { path: 'node_modules/ky/' },
    },
    {
      name: 'core-only-schema-imports-valibot',
      severity: 'error',
      from: { path: '^packages/core/', pathNot: '^packages/core/src/schema/' },
      to: { path: 'node_modules/valibot/' },
    },
    {
      name: 'core-imports-nothing-else',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: tests },
      to: { pathNot: ['^packages/core/src/', 'node_modules/(ky|valibot)/'] },
    },
    {
      name: 'rxjs-imports-its-peers-alone',
      severity: 'error',
      from: { path: '^packages/rxjs/src/', pathNot: [tests, '^packages/rxjs/src/angular/'] },
      to: { pathNot: ['^packages/rxjs/src/', '(^|/)packages/core/src/index\\.ts$', 'node_modules/rxjs/'] },
    },
    {
      name: 'rxjs-one-file-imports-rxjs',
      severity: 'error',
      from: { path: '^packages/rxjs/src/', pathNot: [tests, '^packages/rxjs/src/(peers\\.ts$|angular/)'] },
      to: { path: 'node_modules/rxjs/' },
    },
    {
      name: 'sandbox-never-imports-the-library',
      comment: 'A simulator that shares the schemas of what it tests agrees with it by construction.',
      severity: 'error',
      from: { path: '^packages/sandbox/' },
      to: { path: ['(^|/)packages/(core|rxjs|react|proxy)/', 'node_modules/valibot/'] },
    },
    {
      name: 'proxy-store-is-innermost',
      comment: 'create-token-proxy → http → outcomes → token → store',
      severity: 'error',
      from: { path: '^packages/proxy/src/store/', pathNot: tests },
      to: { path: '^packages/proxy/src/(?!store/)' },
    },
    {
      name: 'proxy-token-knows-no-outcomes',
      severity: 'error',
      from: { path: '^packages/proxy/src/token/', pathNot: tests },
      to: { path: '^packages/proxy/src/(http|outcomes)/' },
    },
    {
      name: 'proxy-outcomes-know-no-http',
      comment: 'The arrow has no way back: what both need stands beside the folders.',
      severity: 'error',
      from: { path: '^packages/proxy/src/(?!create-token-proxy|http/)', pathNot: tests },
      to: { path: '^packages/proxy/src/http/' },
    },
    {
      name: 'proxy-routes-in-one-place',
      comment: 'Hono is touched where the handler is made, jose where tokens and their digests are.',
      severity: 'error',
      from: { path: '^packages/proxy/src/(?!create-token-proxy|http/routes|token/(tokens|digest))', pathNot: tests },
      to: { path: 'node_modules/(hono|jose)/' },
    },
    {
      name: 'proxy-imports-no-platform',
      severity: 'error',
      from: { path: '^packages/proxy/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'react-imports-core-and-react',
      severity: 'error',
      from: { path: '^packages/react/src/', pathNot: '\\.test\\.tsx?$' },
      to: { pathNot: ['^packages/react/src/', '(^|/)packages/core/src/index\\.ts$', 'node_modules/(@types/)?react/'] },
    },
    {
      name: 'packages-meet-by-name',
      comment:
        'Another package is imported by its name and its public entries, never by a path into it; but the card input is one file to copy.',
      severity: 'error',
      from: { path: '^(packages|examples)/([^/]+)/' },
      to: {
        path: '^(packages|examples)/',
        pathNot: ['^$1/$2/', '^examples/card-input/'],
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^packages/' },
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // Workers' own modules are in workerd.
      to: { couldNotResolve: true, pathNot: '^cloudflare:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|examples)/[^/]+/(dist|coverage|\\.wrangler)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@async-transaction/source', 'import', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
}
