/** What would be published, when, and in which order. */
import { expect, inject, it } from 'vitest'
import type { PackedPackage } from '../../scripts/release/pack.ts'
import { type ReleaseOptions, release } from '../../scripts/release/release.ts'

const all = inject('packed')
/** As after `changeset version`, in a repository that has a home. */
const ready = all.map((each) => ({
  ...each,
  manifest: { ...each.manifest, version: '0.1.0', repository: 'github:example/example' },
}))

const workflow = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://workflow.example' }

async function tried(packed: readonly PackedPackage[], options: Partial<ReleaseOptions> = {}) {
  const log: string[] = []
  const published: string[] = []
  const error = await release(packed, {
    dryRun: false,
    env: workflow,
    uncommitted: '',
    pending: [],
    log: (line) => log.push(line),
    npm: (args) => published.push(args.join(' ')),
    ...options,
  }).then(
    () => '',
    ({ message }) => message,
  )
  return { log, published, error }
}

it('a dry run checks everything, tells what it would publish, and publishes nothing', async () => {
  const { log, published, error } = await tried(ready, { dryRun: true })
  expect(error).toBe('')
  expect(log[0]).toBe('Would publish @async-transaction/core 0.1.0 with provenance')
  expect(log.map((line) => line.split(' ')[2]).sort()).toEqual(all.map(({ manifest }) => manifest.name).sort())
  expect(published).toEqual([])
})

it('a dry run tells what is in the way', async () => {
  const options = { dryRun: true, env: {}, pending: ['first-release.md'] }
  const { log, error } = await tried(all, options)
  expect(error).toBe('')
  const obstacles = log.filter((line) => line.startsWith('But not yet: '))
  expect(obstacles).toContain('But not yet: first-release.md is in no changelog: npx changeset version')
})

it('a release publishes each tarball with provenance, core first', async () => {
  const env = { ...workflow, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v0.1.0' }
  const { published, error } = await tried(ready, { env })
  expect(error).toBe('')
  expect(published).toHaveLength(all.length)
  const core = all.find(({ manifest }) => manifest.name === '@async-transaction/core')
  expect(published[0]).toBe(`publish ${core?.tarball} --access public --provenance`)
  for (const command of published) expect(command).toMatch(/^publish \S+\.tgz --access public --provenance$/)
})

it.each<[string, Partial<ReleaseOptions>, string]>([
  ['outside of a workflow', { env: {} }, 'identity token'],
  [
    'of another version than the tag',
    { env: { ...workflow, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v0.2.0' } },
    'v0.2.0',
  ],
  ['with uncommitted files', { uncommitted: ' M README.md' }, 'M README.md'],
  ['with changesets that are in no changelog', { pending: ['first-release.md'] }, 'first-release.md'],
])('nothing is published %s', async (_, options, reason) => {
  const { published, error } = await tried(ready, options)
  expect(error).toContain(reason)
  expect(published).toEqual([])
})

const change = (manifest: object): PackedPackage[] =>
  ready.map((each, index) => (index === 1 ? { ...each, manifest: { ...each.manifest, ...manifest } } : each))

it.each<[string, PackedPackage[], string]>([
  ['has no version', change({ version: '0.0.0' }), 'has no version'],
  ['has no repository', change({ repository: undefined }), 'names no repository'],
  ['would have no provenance', change({ publishConfig: { access: 'public' } }), 'without provenance'],
])('nothing is published when one package %s', async (_, packed, reason) => {
  const { published, error } = await tried(packed)
  expect(error).toContain(reason)
  expect(published).toEqual([])
})

it('not even a dry run passes a package that is unfit', async () => {
  const { error } = await tried(change({ license: undefined }), { dryRun: true })
  expect(error).toContain('Unfit for publication:\n@async-transaction/proxy: has no license')
})
