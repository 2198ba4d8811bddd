/** A Chromium out of an npm package: no download, no package of the system. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import packed, { inflate } from '@sparticuz/chromium'

export interface ChromiumLaunch {
  readonly executablePath: string
  readonly args: string[]
  readonly env: Record<string, string>
}

const folder = join(import.meta.dirname, '../../node_modules/.cache/chromium')

/** How to launch it. Unpacks it the first time. */
export async function chromium(): Promise<ChromiumLaunch> {
  if (!existsSync(folder)) await unpack()
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1]))
  return {
    executablePath: join(folder, 'chromium'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    // The package brings the libraries that a bare machine lacks; the system's own come first.
    env: { ...env, LD_LIBRARY_PATH: [env.LD_LIBRARY_PATH, ...systemLibraries, join(folder, 'al2023/lib')].join(':') },
  }
}

const systemLibraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64']

/** Into a folder of its own, renamed when it is whole: another run may unpack at the same time. */
async function unpack(): Promise<void> {
  const cache = join(folder, '..')
  mkdirSync(cache, { recursive: true })
  const unpacking = mkdtempSync(join(cache, 'unpacking-'))
  const { TMPDIR } = process.env
  // The package unpacks into the folder for temporary files.
  process.env.TMPDIR = unpacking
  try {
    await packed.executablePath()
    await inflate(join(import.meta.dirname, '../../node_modules/@sparticuz/chromium/bin/al2023.tar.br'))
    renameSync(unpacking, folder)
  } catch (error) {
    rmSync(unpacking, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
}
