import { describe, expect, it } from 'vitest'
import { gatewayFault } from './gateway-fault.ts'

describe('an error body', () => {
  it.each([
    [
      'wrapped',
      { response: { message: 'No', errors: { amount: ['is odd'] } } },
      { message: 'No', fieldErrors: { amount: ['is odd'] } },
    ],
    [
      'bare',
      { message: 'No', errors: { credit_card: { number: 'is odd' } } },
      { message: 'No', fieldErrors: { 'credit_card.number': ['is odd'] } },
    ],
    [
      'with a code',
      { code: 'F.1', friendly_message: 'Try again', message: 'No', errors: {} },
      { message: 'No', gatewayCode: 'F.1', friendlyMessage: 'Try again', fieldErrors: {} },
    ],
    [
      'with nulls',
      { message: 'No', errors: null, code: null, friendly_message: null },
      { message: 'No', fieldErrors: {} },
    ],
    [
      'without a message',
      { errors: { base: ['is odd'] } },
      { message: 'The gateway found errors in the request', fieldErrors: { base: ['is odd'] } },
    ],
    [
      'without a message but a friendly one',
      { errors: {}, friendly_message: 'Sorry' },
      { message: 'Sorry', friendlyMessage: 'Sorry', fieldErrors: {} },
    ],
    [
      'with errors in a list',
      { message: 'No', errors: ['one', 'two'] },
      { message: 'No', fieldErrors: { '': ['one', 'two'] } },
    ],
    ['with a code in digits', { message: 'No', code: 500 }, { message: 'No', gatewayCode: '500', fieldErrors: {} }],
    ['with errors in a text', { message: 'No', errors: 'bad' }, { message: 'No', fieldErrors: { '': ['bad'] } }],
    [
      'with odd fields',
      { response: { message: 'No', friendly_message: {}, code: [], errors: 7 } },
      { message: 'No', fieldErrors: {} },
    ],
    [
      'with an odd message',
      { message: { text: 'No' }, friendly_message: 'Sorry', errors: { base: ['is odd'] } },
      { message: 'Sorry', friendlyMessage: 'Sorry', fieldErrors: { base: ['is odd'] } },
    ],
  ])('%s is read', (_, body, fault) => {
    expect(gatewayFault(body)).toEqual(fault)
  })

  it.each([
    undefined,
    null,
    'text',
    7,
    [],
    {},
    { message: '' },
    { message: 7 },
    { errors: 7 },
    { errors: '' },
    { code: 500 },
    { status: 'processing' },
    { response: null },
  ])('%j is none', (body) => {
    expect(gatewayFault(body)).toBeUndefined()
  })

  it('shows no card number, wherever the gateway echoes it', () => {
    const fault = gatewayFault({
      code: '4200000000000000',
      friendly_message: 'Card 4200 0000 0000 0000',
      message: '4200-0000-0000-0000',
      errors: { credit_card: { number: ['4200000000000000 is odd'] }, 4200000000000000: ['is odd'] },
    })
    expect(JSON.stringify(fault)).not.toMatch(/4200.?0000/)
  })

  it('is read to a depth that no gateway reaches', () => {
    const nest = (depth: number): object => (depth ? { a: nest(depth - 1) } : { leaf: 'deep' })
    expect(gatewayFault({ message: 'No', errors: nest(6) })?.fieldErrors).toEqual({ 'a.a.a.a.a.a.leaf': ['deep'] })
    expect(gatewayFault({ message: 'No', errors: nest(9) })?.fieldErrors).toEqual({})
  })
})
