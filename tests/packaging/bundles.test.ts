/** What of the packages gets into a bundle: no more than is imported, and nothing for secrets in a page. */
import { build, type Metafile } from 'esbuild'
import { describe, expect, inject, it } from 'vitest'

interface Bundle {
  readonly text: string
  /** Of the packages in it, minified. */
  readonly bytes: Readonly<Record<string, number>>
}

async function bundle(contents: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: inject('consumer') },
    bundle: true,
    format: 'esm',
    minify: true,
    external: ['react', 'rxjs'],
    logLevel: 'error',
    metafile: true,
    write: false,
  })
  return { text: outputFiles[0]?.text ?? '', bytes: bytesIn(metafile) }
}

function bytesIn({ outputs }: Metafile): Record<string, number> {
  const bytes: Record<string, number> = {}
  for (const { inputs } of Object.values(outputs))
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/(?:@async-transaction\/)?([\w-]+)/.exec(file)?.[1]
      if (name && bytesInOutput > 0) bytes[name] = (bytes[name] ?? 0) + bytesInOutput
    }
  return bytes
}

it('a page on the lean entries has no ky in it, the hook and the operators included', async () => {
  const { bytes } = await bundle(`
    export { createClient, bearerAuth } from '@async-transaction/core/lean'
    export { createBrowserClient, indexedDbJournal } from '@async-transaction/core/lean/browser'
    export * from '@async-transaction/react'
    export * from '@async-transaction/rxjs'
  `)
  expect(Object.keys(bytes).sort()).toEqual(['core', 'react', 'rxjs', 'valibot'])
})

describe('importing one thing does not pull in the rest:', () => {
  /** What is imported, from where, and at most how many bytes of which packages come along, before compression. */
  const limits: [name: string, entry: string, limits: Record<string, number>][] = [
    ['memoryJournal', 'core', { core: 1000 }],
    ['fixedSchedule', 'core', { core: 1000 }],
    ['sqrtSchedule', 'core', { core: 1000 }],
    ['isTransactionError', 'core', { core: 1000 }],
    ['basicAuth', 'core', { core: 1000 }],
    ['createSimulatedClock', 'core/testing', { core: 2500 }],
    ['indexedDbJournal', 'core/browser', { core: 2500 }],
    ['encryptCard', 'core/encryption', { core: 4500 }],
    ['verifyWebhook', 'core/webhook', { core: 3500, valibot: 4000 }],
    ['readReply', 'core/protocol', { core: 8000, valibot: 4000 }],
    ['distinctStatus', 'rxjs', { rxjs: 300 }],
    ['useAsyncTransaction', 'react', { react: 2000, core: 8000 }],
    ['redisOutcomes', 'proxy/redis', { proxy: 2500 }],
    ['durableObjectOutcomes', 'proxy/durable-object', { proxy: 1500 }],
  ]

  it.each(limits)('%s of %s', async (name, entry, limit) => {
    const { text, bytes } = await bundle(`export { ${name} } from '@async-transaction/${entry}'`)
    expect(text).toContain(name)
    expect(Object.keys(bytes).sort()).toEqual(Object.keys(limit).sort())
    for (const [from, most] of Object.entries(limit)) expect([from, bytes[from]]).toSatisfy(([, is]) => is <= most)
  })

  it('a client brings all that it is made of, and so shows that it would be seen', async () => {
    const { bytes } = await bundle("export { createClient } from '@async-transaction/core'")
    expect(Object.keys(bytes).sort()).toEqual(['core', 'ky', 'valibot'])
    expect(bytes.core).toBeGreaterThan(20_000)
  })

  const entries = [
    'core',
    'core/browser',
    'core/encryption',
    'core/webhook',
    'core/protocol',
    'core/testing',
    'rxjs',
    'react',
    'proxy',
  ]
  it.each([...entries, 'sandbox'])('nothing of %s', async (entry) => {
    expect((await bundle(`import '@async-transaction/${entry}'`)).text.trim()).toBe('')
  })
})

describe('a page', () => {
  /** What makes a secret into a header. */
  const SECRETS = /\bBasic |secretKey|shopId|btoa/

  it.each([
    ['a client', "export { createClient, bearerAuth } from '@async-transaction/core'"],
    [
      'a client for browsers',
      "export { createBrowserClient, indexedDbJournal } from '@async-transaction/core/browser'",
    ],
    ['the hook', "export * from '@async-transaction/react'\nexport { createClient } from '@async-transaction/core'"],
    [
      'the operators',
      "export * from '@async-transaction/rxjs'\nexport { createClient } from '@async-transaction/core'",
    ],
  ])('with %s has no code for secrets', async (_, code) => {
    expect((await bundle(code)).text).not.toMatch(SECRETS)
  })

  it('would show it, were it there', async () => {
    expect((await bundle("export { basicAuth } from '@async-transaction/core'")).text).toMatch(SECRETS)
  })
})
