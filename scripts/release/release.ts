/** Publishes packed packages with provenance, once nothing speaks against it. */
import type { PackedPackage } from './pack.ts'
import { problemsOf } from './problems-of.ts'

export interface ReleaseOptions {
  /** Checks everything, says what would be done, and does nothing. */
  readonly dryRun: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** What git has to say of files that are not committed. */
  readonly uncommitted: string
  /** The changesets that are in no changelog yet. */
  readonly pending: readonly string[]
  readonly log: (line: string) => void
  /** Runs npm. */
  readonly npm: (args: readonly string[]) => void
}

/** @throws Error if a package is unfit, or unless `dryRun` if this is not the place or the time to publish */
export async function release(packed: readonly PackedPackage[], options: ReleaseOptions): Promise<void> {
  const { dryRun, log, npm } = options
  const obstacles = obstaclesTo(packed, options)
  if (obstacles.length > 0 && !dryRun) throw new Error(`Not published:\n${obstacles.join('\n')}`)
  const problems = (await Promise.all(packed.map(problemsOf))).flat()
  if (problems.length > 0) throw new Error(`Unfit for publication:\n${problems.join('\n')}`)
  for (const { manifest, tarball } of inOrder(packed)) {
    log(`${dryRun ? 'Would publish' : 'Publishing'} ${manifest.name} ${manifest.version} with provenance`)
    if (!dryRun) npm(['publish', tarball, '--access', 'public', '--provenance'])
  }
  for (const obstacle of obstacles) log(`But not yet: ${obstacle}`)
}

function obstaclesTo(packed: readonly PackedPackage[], { env, uncommitted, pending }: ReleaseOptions): string[] {
  const unversioned = packed.filter(({ manifest }) => manifest.version === '0.0.0')
  const homeless = packed.filter(({ manifest }) => !manifest.repository)
  // What npm signs for: GitHub's workflows with `id-token: write`, or GitLab's with an `id_tokens: SIGSTORE_ID_TOKEN`.
  const tag = env.GITHUB_REF_TYPE === 'tag' ? env.GITHUB_REF_NAME : undefined
  const others = packed.filter(({ manifest }) => tag && tag !== `v${manifest.version}`)
  const provable = env.ACTIONS_ID_TOKEN_REQUEST_URL || env.SIGSTORE_ID_TOKEN
  return [
    ...unversioned.map(({ manifest }) => `${manifest.name} has no version`),
    ...homeless.map(({ manifest }) => `${manifest.name} names no repository, which provenance is about`),
    ...pending.map((changeset) => `${changeset} is in no changelog: npx changeset version`),
    ...(uncommitted ? [`there are uncommitted files:\n${uncommitted}`] : []),
    ...others.map(({ manifest }) => `${manifest.name} ${manifest.version} is not what the tag ${tag} names`),
    ...(provable ? [] : ['provenance is only to be had from a workflow with an identity token']),
  ]
}

/** Each package after those of ours that it needs. */
const inOrder = (packed: readonly PackedPackage[]): PackedPackage[] => [...packed].sort((a, b) => depth(a) - depth(b))

const depth = ({ manifest: { dependencies, peerDependencies } }: PackedPackage): number =>
  Object.keys({ ...dependencies, ...peerDependencies }).some((name) => name.startsWith('@async-transaction/')) ? 1 : 0
