/** The journal of a payment: what is kept, what is not, and two processes that write at the same time. */
import { describe, expect, it, vi } from 'vitest'
import type { Journal } from '../journal/journal.ts'
import { memoryJournal } from '../journal/memory-journal.ts'
import { createSimulatedClock, type SimulatedClock } from '../lib/simulated-clock.ts'
import { JournalStore } from './journal-store.ts'
import { JournalWriter, load as loadEntry } from './journal-writer.ts'
import type { PaymentRecord } from './record.ts'
import type { Settings } from './settings.ts'

const record: PaymentRecord = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  createdAt: 5,
  polls: 2,
  lost: 1,
  tries: 0,
}
const taken: PaymentRecord = { ...record, requestId: 'id' }
const paid: PaymentRecord = {
  ...taken,
  ending: { status: 'result', body: { transaction: { status: 'successful' } }, via: 'task' },
}
const key = 'async-transaction:k'
const scope = '361@https://gateway.test'

function writerOf(journal: Journal, clock: SimulatedClock = createSimulatedClock(7), warn = vi.fn()): JournalWriter {
  return new JournalWriter({ journal: new JournalStore(journal, clock), clock, scope } as unknown as Settings, warn)
}
const save = async (journal: Journal, saved: PaymentRecord): Promise<PaymentRecord> =>
  (await writerOf(journal).save(saved)).record
const load = (journal: Journal): Promise<PaymentRecord | undefined> => loadEntry(journal, key, { scope })
const entryOf = (journal: Journal): Record<string, unknown> => JSON.parse(String(journal.getItem(key)))

describe('what the journal keeps', () => {
  it.each([
    ['a submission', record, 'submitting'],
    ['a task', taken, 'accepted'],
    ['a result', paid, 'settled'],
    ['an unknown outcome', { ...taken, ending: { status: 'unknown', cause: 'expired', candidates: [] } }, 'settled'],
    ['an error of the gateway', { ...taken, ending: { status: 'error', code: 'gateway-error' } }, 'settled'],
    [
      'a refusal',
      { ...record, ending: { status: 'error', code: 'submit-rejected', effect: 'none', fieldErrors: {} } },
      'settled',
    ],
    [
      'a submission that was looked for in vain',
      { ...record, recovered: true, ending: { status: 'error', code: 'submit-lost' } },
      'settled',
    ],
  ] as [string, PaymentRecord, string][])('of %s is its phase, and all that is known', async (_, known, phase) => {
    const journal = memoryJournal()
    await save(journal, known)
    expect(entryOf(journal)).toMatchObject({ ...known, phase, scope, savedAt: 7 })
    expect(await load(journal)).toMatchObject({ requestKey: 'k', lost: 1 })
  })

  it.each(['deadline', 'unauthorized', 'protocol', 'submit-lost'] as const)(
    'of %s is what is known without it: it is not the end',
    async (code) => {
      const journal = memoryJournal()
      await save(journal, taken)
      const lastWords = { message: 'Ask again', polls: 2, at: 6 }
      await save(journal, { ...taken, lastWords, ending: { status: 'error', code, effect: 'unknown' } })
      expect(await load(journal)).toMatchObject({ requestId: 'id', lastWords })
      expect((await load(journal))?.ending).toBeUndefined()
    },
  )

  it('is read back field by field: what was slipped into an ending or last words stays behind', async () => {
    const journal = memoryJournal()
    const said = { message: 'Later', httpStatus: 503, fieldErrors: { amount: ['is odd'] } }
    const words = { ...said, polls: 2, at: 6 }
    const ending = { status: 'error', code: 'gateway-error', ...said }
    const slipped = { toJSON: 'x', secretKey: 'hunter2' }
    const entry = { ...taken, lastWords: { ...words, ...slipped }, ending: { ...ending, ...slipped }, ...slipped }
    journal.setItem(key, JSON.stringify(entry))
    expect(await load(journal)).toEqual({ ...taken, lastWords: words, ending })
  })

  it('is without card data, wherever the gateway echoed it, and with all else', async () => {
    const journal = memoryJournal()
    const card = '4200000000000000'
    const transaction = {
      uid: card,
      message: `Card ${card} is blocked`,
      payment: { friendly_message: `${card} is blocked` },
      credit_card: { number: card, token: 'secret', verification_value: '123', last_4: '0000', token_provider: 'x' },
      encrypted_credit_card: { number: card },
    }
    await save(journal, { ...taken, ending: { status: 'result', body: { transaction, message: 7 }, via: 'task' } })
    const { body } = JSON.parse(String(journal.getItem(key))).ending
    expect(body).toEqual({
      transaction: {
        uid: card,
        message: expect.not.stringContaining(card),
        payment: { friendly_message: expect.not.stringContaining(card) },
        credit_card: { last_4: '0000', token_provider: 'x' },
      },
      message: 7,
    })
  })

  it('is without a card number in any text, but with whole ids and links', async () => {
    const journal = memoryJournal()
    const card = '4200000000000000'
    const transaction = {
      uid: card,
      parent_uid: card,
      tracking_id: card,
      receipt_url: `https://gateway.test/${card}`,
      description: `card ${card}`,
      errors: [card],
      credit_card: { pan: card, cvc: '123', cvv2: '123', card_number: card, stamp: card, bin: '420000' },
    }
    const ids = { requestKey: 'k', trackingId: card, requestId: card }
    const lastWords = { message: card, gatewayRequestId: card, polls: 2, at: 6 }
    const clock = createSimulatedClock()
    const ending = { status: 'result', body: { transaction }, via: 'task' } as const
    await writerOf(journal, clock).save({ ...record, ...ids, lastWords, ending })
    expect(await load(journal)).toMatchObject({
      ...ids,
      lastWords: { ...lastWords, message: '****0000' },
      savedAt: 1_800_000_000_000,
      ending: {
        body: {
          transaction: {
            ...transaction,
            description: 'card ****0000',
            errors: ['****0000'],
            credit_card: { stamp: card, bin: '420000' },
          },
        },
      },
    })
    expect(journal.getItem(key)).not.toMatch(/pan|cv[cv]|card_number/)
  })

  it('of an error that left the money alone is nothing', async () => {
    const journal = memoryJournal()
    const writer = writerOf(journal)
    await writer.save(record)
    await writer.save({ ...record, ending: { status: 'error', code: 'unauthorized', effect: 'none' } })
    expect(await journal.getKeys()).toEqual([])
  })

  it('is an answer that another process has written, whatever this one knows', async () => {
    const journal = memoryJournal()
    await save(journal, paid)
    for (const less of [
      { ...taken, lost: 9 },
      { ...taken, ending: { status: 'unknown', cause: 'not-found', candidates: [] } as const },
      { ...taken, ending: { status: 'error', code: 'gateway-error' } as const },
      { ...record, requestId: undefined },
    ])
      expect(await save(journal, less)).toMatchObject({ requestId: 'id', ending: { status: 'result' } })
    expect(await load(journal)).toMatchObject({ ending: { status: 'result' } })
  })

  it('is the task that another process had accepted, until there is an answer', async () => {
    const journal = memoryJournal()
    await save(journal, taken)
    const rejected = { status: 'error', code: 'submit-rejected', effect: 'none', fieldErrors: {} } as const
    for (const less of [record, { ...record, ending: rejected }])
      expect(await save(journal, less)).toMatchObject({ requestId: 'id' })
    expect(await load(journal)).toMatchObject({ requestId: 'id' })
    expect((await load(journal))?.ending).toBeUndefined()
    const found = { status: 'result', body: {}, via: 'lookup' } as const
    await save(journal, { ...record, ending: found })
    expect(await load(journal)).toMatchObject({ ending: found })
  })

  it('may come back parsed, as unstorage gives it', async () => {
    const journal = { ...memoryJournal(), getItem: () => ({ ...taken, phase: 'accepted' }) }
    expect(await load(journal)).toMatchObject({ requestId: 'id' })
  })

  it('gives a submission back as one that can only be looked up', async () => {
    const journal = memoryJournal()
    await save(journal, record)
    expect(await load(journal)).toMatchObject({ recovered: true, inDoubt: true, failure: { code: 'submit-lost' } })
  })

  it('is not taken for a doubt by the process that wrote it', async () => {
    const journal = memoryJournal()
    const writer = writerOf(journal)
    await writer.save(record)
    expect((await writer.save({ ...record, tries: 1 })).record.inDoubt).toBeUndefined()
    expect((await save(journal, { ...record, tries: 1 })).inDoubt).toBe(true)
  })

  it('is nothing to another shop, nor at another gateway', async () => {
    const journal = memoryJournal()
    await save(journal, taken)
    expect(await loadEntry(journal, key, { scope: '362@https://gateway.test' })).toBeUndefined()
    expect(await loadEntry(journal, key, { scope: '361@https://other.test' })).toBeUndefined()
    const { scope: _, ...older } = entryOf(journal)
    journal.setItem(key, JSON.stringify(older))
    expect(await loadEntry(journal, key, { scope: '362@https://gateway.test' })).toMatchObject({ requestId: 'id' })
  })
})

describe('two processes that write at the same time', () => {
  const words = { message: 'Boom', httpStatus: 500, polls: 3, at: 6 }

  /** A journal whose every operation takes so long. */
  const slow = (journal: Journal, clock: SimulatedClock, ms: () => number): Journal => {
    const later = async <T>(act: () => T): Promise<T> => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, ms()))
      return act()
    }
    return {
      getItem: (name) => later(() => journal.getItem(name)),
      setItem: (name, value) => later(() => journal.setItem(name, value)),
      removeItem: (name) => later(() => journal.removeItem(name)),
      getKeys: () => later(() => journal.getKeys()) as Promise<string[]>,
    }
  }

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'keep an error that one of them got, once (delays of seed %i)',
    async (seed) => {
      const clock = createSimulatedClock()
      const journal = memoryJournal()
      let drawn = seed * 7919 + 1
      const ms = (): number => {
        drawn = (drawn * 48_271) % 2_147_483_647
        return 2 + (drawn % 29)
      }
      const [one, other] = [writerOf(slow(journal, clock, ms), clock), writerOf(slow(journal, clock, ms), clock)]
      await clock.until(one.save(taken))
      const writes = [
        one.save({ ...taken, polls: 3, lastWords: words }),
        other.save({ ...taken, polls: 3, gone: 'not-found', lookups: { asked: 1, empty: 1 } }),
      ]
      await clock.until(Promise.all(writes))
      expect(await load(journal)).toMatchObject({ lastWords: words })
    },
  )

  it('one of which stood still: its late entry does not hide the error', async () => {
    const journal = memoryJournal()
    await save(journal, taken)
    const stale = String(journal.getItem(key))
    await save(journal, {
      ...taken,
      lastWords: words,
      ending: { status: 'error', code: 'gateway-error', effect: 'unknown' },
    })
    journal.setItem(key, stale)
    expect(await load(journal)).toMatchObject({ lastWords: words, ending: { code: 'gateway-error' } })
  })
})

describe('a storage that cannot be read', () => {
  const unreadable = (journal: Journal): Journal => ({ ...journal, getItem: () => Promise.reject(new Error('read')) })

  it('is not taken for empty: an entry that may know more stays', async () => {
    const journal = memoryJournal()
    await save(journal, { ...taken, ending: { status: 'error', code: 'gateway-error', effect: 'unknown' } })
    const warn = vi.fn()
    const saved = await writerOf(unreadable(journal), undefined, warn).save({ ...taken, lost: 9 })
    expect(saved.stored).toBe(false)
    expect(warn).toHaveBeenCalledOnce()
    expect(await load(journal)).toMatchObject({ ending: { code: 'gateway-error' } })
  })

  it('gets a result and the first entry all the same: nothing is lost with what they overwrite', async () => {
    for (const saved of [record, paid]) {
      const journal = memoryJournal()
      expect(await writerOf(unreadable(journal)).save(saved)).toMatchObject({ stored: true })
      expect(await load(journal)).toBeDefined()
    }
  })

  it('is read again before it counts as unreadable', async () => {
    const journal = memoryJournal()
    await save(journal, taken)
    let failures = 1
    const flaky = {
      ...journal,
      getItem: (name: string) => (failures-- > 0 ? Promise.reject(new Error('read')) : journal.getItem(name)),
    }
    expect(await writerOf(flaky).load('k')).toMatchObject({ record: { requestId: 'id' } })
    expect(await writerOf(unreadable(journal)).load('k')).toBeUndefined()
  })
})

describe('a storage that hangs', () => {
  it('is waited for once, and then hardly, until it answers again', async () => {
    const clock = createSimulatedClock()
    let hangs = true
    const journal = memoryJournal()
    const hanging = { ...journal, getItem: (name: string) => (hangs ? new Promise(() => {}) : journal.getItem(name)) }
    const writer = writerOf(hanging, clock)
    const began = clock.now()
    await clock.until(writer.save(taken))
    expect(clock.now() - began).toBe(5000)
    await clock.until(writer.save({ ...taken, lost: 2 }))
    expect(clock.now() - began).toBe(5050)
    hangs = false
    expect(await clock.until(writer.save({ ...taken, lost: 3 }))).toMatchObject({ stored: true })
  })
})
