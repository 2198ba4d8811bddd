import { describe, expect, it } from 'vitest'
import { memoryJournal } from '../journal/memory-journal.ts'
import { CREDIT, type TaskRecord } from './record.ts'
import { load, recalled, save } from './remember.ts'

const record: TaskRecord = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  createdAt: 5,
  polls: 2,
  lost: 1,
  tries: 0,
  credit: CREDIT,
}
const taken: TaskRecord = { ...record, requestId: 'id' }
const paid: TaskRecord = {
  ...taken,
  ending: { status: 'result', body: { transaction: { status: 'successful' } }, via: 'task' },
}
const key = 'async-transaction:k'

describe('what the journal keeps', () => {
  it.each([
    ['a submission', record, 'submitting'],
    ['a task', taken, 'accepted'],
    ['a result', paid, 'settled'],
    ['an unknown outcome', { ...taken, ending: { status: 'unknown', cause: 'expired', candidates: [] } }, 'settled'],
    ['an error of the gateway', { ...taken, ending: { status: 'error', code: 'gateway-error' } }, 'settled'],
    ['a refusal', { ...record, ending: { status: 'error', code: 'submit-rejected', effect: 'none' } }, 'settled'],
    [
      'a submission that was looked for in vain',
      { ...record, recovered: true, ending: { status: 'error', code: 'submit-lost' } },
      'settled',
    ],
  ] as [string, TaskRecord, string][])('of %s is its phase, and all that is known', async (_, known, phase) => {
    const journal = memoryJournal()
    await save(journal, known, 7)
    expect(JSON.parse(String(journal.getItem(key)))).toEqual({ ...known, phase, savedAt: 7 })
    expect(await load(journal, key)).toMatchObject({ requestKey: 'k', lost: 1, savedAt: 7 })
  })

  it.each(['deadline', 'unauthorized', 'protocol', 'submit-lost'] as const)(
    'of %s is what is known without it: it is not the end',
    async (code) => {
      const journal = memoryJournal()
      await save(journal, taken, 7)
      const lastWords = { message: 'Ask again' }
      await save(journal, { ...taken, lastWords, ending: { status: 'error', code, effect: 'unknown' } }, 8)
      expect(await load(journal, key)).toMatchObject({ requestId: 'id', lastWords })
      expect((await load(journal, key))?.ending).toBeUndefined()
    },
  )

  it('is read back field by field: what was slipped into an ending or last words stays behind', async () => {
    const journal = memoryJournal()
    const said = { message: 'Later', httpStatus: 503, fieldErrors: { amount: ['is odd'] } }
    const ending = { status: 'error', code: 'gateway-error', ...said }
    const slipped = { toJSON: 'x', secretKey: 'hunter2' }
    const entry = { ...taken, lastWords: { ...said, ...slipped }, ending: { ...ending, ...slipped }, ...slipped }
    journal.setItem(key, JSON.stringify(entry))
    expect(await load(journal, key)).toEqual({ ...taken, lastWords: said, ending })
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
    await save(journal, { ...taken, ending: { status: 'result', body: { transaction, message: 7 }, via: 'task' } }, 7)
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
    const lastWords = { message: card, gatewayRequestId: card }
    await save(
      journal,
      { ...record, ...ids, lastWords, ending: { status: 'result', body: { transaction }, via: 'task' } },
      1_800_000_000_000,
    )
    expect(await load(journal, key)).toMatchObject({
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

  it('of what left the money alone is nothing', async () => {
    const journal = memoryJournal()
    await save(journal, record, 7)
    await save(journal, { ...record, ending: { status: 'error', code: 'unauthorized', effect: 'none' } }, 8)
    expect(await journal.getKeys()).toEqual([])
  })

  it('is the first answer: whatever another process heard later or less, it is returned instead', async () => {
    const journal = memoryJournal()
    await save(journal, paid, 7)
    for (const less of [
      { ...taken, lost: 9 },
      { ...taken, ending: { status: 'unknown', cause: 'not-found', candidates: [] } as const },
      { ...taken, ending: { status: 'error', code: 'gateway-error' } as const },
    ])
      expect(await save(journal, less, 8)).toMatchObject({ requestId: 'id', ending: { status: 'result' } })
    expect(await load(journal, key)).toMatchObject({ ending: { status: 'result' }, savedAt: 7 })
  })

  it('is the answer, with the id of the task from whoever knows it', async () => {
    const journal = memoryJournal()
    await save(journal, { ...paid, requestId: undefined }, 7)
    expect(await save(journal, taken, 8)).toMatchObject({ requestId: 'id', ending: { status: 'result' } })
    const known = memoryJournal()
    await save(known, paid, 7)
    expect(await save(known, record, 8)).toMatchObject({ requestId: 'id', ending: { status: 'result' } })
  })

  it('is the task that another process had taken, until there is an answer', async () => {
    const journal = memoryJournal()
    await save(journal, taken, 7)
    for (const less of [record, { ...record, ending: { status: 'error', code: 'submit-lost' } as const }])
      expect(await save(journal, less, 8)).toMatchObject({ requestId: 'id', savedAt: 7 })
    const found = { status: 'result', body: {}, via: 'lookup' } as const
    expect(await save(journal, { ...record, ending: found }, 9)).toBeUndefined()
    expect(await load(journal, key)).toMatchObject({ ending: found, savedAt: 9 })
  })

  it('may come back parsed, as unstorage gives it', async () => {
    const journal = { ...memoryJournal(), getItem: () => ({ ...taken, phase: 'accepted' }) }
    expect(await load(journal, key)).toMatchObject({ requestId: 'id' })
  })

  it('gives a submission back as one that can only be looked up', async () => {
    const journal = memoryJournal()
    await save(journal, record, 7)
    expect(await load(journal, key)).toMatchObject({
      recovered: true,
      maybeTaken: true,
      failure: { code: 'submit-lost' },
    })
  })
})

describe('what is known once the journal was read', () => {
  const stored: TaskRecord = { ...record, createdAt: 1 }
  const givenUp: TaskRecord = { ...stored, ending: { status: 'error', code: 'submit-lost' } }
  const fresh: TaskRecord = { ...record, createdAt: 9 }

  it.each([
    ['a submission that was taken is that task', fresh, { ...stored, requestId: 'id' }, { ...stored, requestId: 'id' }],
    [
      'a submission that settled has settled',
      fresh,
      { ...paid, requestId: undefined },
      { ...paid, requestId: undefined },
    ],
    [
      'a submission that was sent before may have been taken, and is as old as it is',
      fresh,
      stored,
      { ...fresh, createdAt: 1, maybeTaken: true },
    ],
    [
      'a submission that was given up may be submitted again',
      fresh,
      givenUp,
      { ...fresh, createdAt: 1, maybeTaken: true },
    ],
    ['a task that settled has settled', taken, paid, paid],
    ['a task that did not is what its handle says', taken, { ...taken, lost: 5 }, taken],
    [
      'a task of which more was heard since is what the journal says, without the end of our asking',
      taken,
      { ...taken, polls: 3, lost: 5, ending: { status: 'error', code: 'deadline' } as const },
      { ...taken, polls: 3, lost: 5 },
    ],
    [
      'what is completed stays so, whoever asked more often',
      { ...taken, completed: true },
      { ...taken, polls: 3, lost: 5 },
      { ...taken, polls: 3, lost: 5, completed: true },
    ],
    ['another task is none of ours', taken, { ...taken, requestId: 'other', polls: 3 }, taken],
  ])('%s', (_, known, journaled, expected) => {
    expect(recalled(known, journaled)).toEqual(expected)
  })
})
