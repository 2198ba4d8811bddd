/**
 * Facts about the gateway from outside of this repository: what the suites of its vendor assert against the demonstration
 * shops, and what recorded exchanges with live gateways show. Inputs, statuses, fields and the gateway's own messages.
 * Nothing here was taken from the sandbox.
 */

export interface Fact {
  readonly operation: string
  /** `recorded`: an exchange with a live gateway. `suite`: asserted by the vendor's clients, live. `documents`: written. */
  readonly source: 'recorded' | 'suite' | 'documents'
  /** `GET`s have no request. */
  readonly path: string
  readonly request?: object
  /** A request before it, whose transaction `{uid}` and whose card `{token}` stands for. */
  readonly after?: { readonly path: string; readonly request: object }
  readonly version?: 3
  /** `refused`: the source has no number, and 400 and 422 are documented. */
  readonly status: number | 'refused'
  /** A part of the body. */
  readonly body: object
  /** Fields of the transaction, or of the body without one. */
  readonly has?: readonly string[]
  readonly hasNot?: readonly string[]
  /** A form of the message. */
  readonly says?: RegExp
}

const card = (fields: object = {}): object => ({
  number: '4200000000000000',
  holder: 'John Doe',
  verification_value: '123',
  exp_month: '01',
  exp_year: '2030',
  ...fields,
})

const money = (fields: object = {}): object => ({
  amount: 1233,
  currency: 'EUR',
  description: 'test',
  tracking_id: 'my_custom_variable',
  test: true,
  duplicate_check: false,
  credit_card: card(),
  billing_address: { first_name: 'John', last_name: 'Doe', country: 'LV', city: 'Riga', zip: 'LV-1082' },
  customer: { ip: '127.0.0.1', email: 'john@example.com', birth_date: '1970-01-01' },
  ...fields,
})

const child = (fields: object = {}): object => ({
  parent_uid: '{uid}',
  amount: 1233,
  duplicate_check: false,
  ...fields,
})

const [payments, authorizations] = ['/transactions/payments', '/transactions/authorizations']
const paid = { path: payments, request: money() }
const authorized = { path: authorizations, request: money() }
const successful = { status: 'successful', message: 'Successfully processed' }

/** Fields that recorded payments and authorizations have. */
const always = [
  'id',
  'language',
  'additional_data',
  'customer',
  'billing_address',
  'closed_at',
  'settled_at',
  'paid_at',
].concat(['expired_at', 'be_protected_verification', 'payment_method_type', 'tracking_id', 'created_at', 'updated_at'])

/** Fields that recorded voids and refunds have not. */
const never = ['description', 'tracking_id', 'credit_card', 'payment_method_type']

const transactions: readonly Fact[] = [
  {
    operation: 'a payment',
    source: 'recorded',
    path: payments,
    request: money(),
    status: 200,
    body: {
      transaction: {
        ...successful,
        type: 'payment',
        amount: 1233,
        currency: 'EUR',
        test: true,
        customer: { ip: '127.0.0.1', email: 'john@example.com', device_id: null, birth_date: '1970-01-01' },
        billing_address: { first_name: 'John', country: 'LV', address: null, state: null, phone: null },
        credit_card: { holder: 'John Doe', brand: 'visa', last_4: '0000', first_1: '4', bin: '420000', exp_month: 1 },
        payment: { status: 'successful', message: 'Payment was approved', bank_code: '05' },
      },
    },
    has: [...always, 'redirect_url'],
  },
  {
    operation: 'the card of a payment',
    source: 'recorded',
    path: payments,
    request: money(),
    status: 200,
    body: { transaction: { credit_card: { issuer_country: 'US', issuer_name: 'VISA Demo Bank', product: 'F' } } },
  },
  {
    operation: 'an authorization',
    source: 'recorded',
    path: authorizations,
    request: money(),
    status: 200,
    body: { transaction: { ...successful, type: 'authorization', authorization: { status: 'successful' } } },
    has: always,
  },
  {
    operation: 'a declined payment',
    source: 'suite',
    path: payments,
    request: money({ credit_card: card({ number: '4005550000000019', exp_month: '10' }) }),
    status: 200,
    body: { transaction: { status: 'failed', message: 'Payment was declined', amount: 1233 } },
  },
  {
    operation: 'a declined authorization',
    source: 'suite',
    path: authorizations,
    request: money({ credit_card: card({ number: '4005550000000019', exp_month: '10' }) }),
    status: 200,
    body: { transaction: { status: 'failed', message: 'Authorization was declined' } },
  },
  ...['4012000000003010', '4012000000001097', '4012000000001006'].map(
    (number): Fact => ({
      operation: `3-D Secure of ${number}`,
      source: number.endsWith('3010') ? 'suite' : 'documents',
      path: payments,
      request: money({ credit_card: card({ number }) }),
      status: 200,
      body: { transaction: { status: 'incomplete', message: null } },
      has: ['redirect_url'],
    }),
  ),
  {
    operation: 'a payment by the token of another, which was not asked to save its card',
    source: 'recorded',
    after: paid,
    path: payments,
    request: money({ credit_card: { token: '{token}', skip_three_d_secure_verification: true } }),
    status: 200,
    body: { transaction: { ...successful, credit_card: { last_4: '0000', token: '{token}' } } },
  },
  {
    operation: 'a credit',
    source: 'suite',
    after: paid,
    path: '/transactions/credits',
    request: money({ credit_card: { token: '{token}' } }),
    status: 200,
    body: { transaction: successful },
  },
  {
    operation: 'a capture',
    source: 'suite',
    after: authorized,
    path: '/transactions/captures',
    request: child(),
    status: 200,
    body: { transaction: { ...successful, parent_uid: '{uid}' } },
  },
  {
    operation: 'a void',
    source: 'recorded',
    after: authorized,
    path: '/transactions/voids',
    request: child(),
    status: 200,
    body: {
      transaction: {
        ...successful,
        type: 'void',
        parent_uid: '{uid}',
        currency: 'EUR',
        additional_data: {},
        void: { status: 'successful', message: 'Void was approved', rrn: null, auth_code: null },
      },
    },
    has: ['id', 'be_protected_verification', 'paid_at'],
    hasNot: never,
  },
  {
    operation: 'a refund',
    source: 'recorded',
    after: paid,
    path: '/transactions/refunds',
    request: child({ reason: 'Customer request' }),
    status: 200,
    body: {
      transaction: {
        ...successful,
        type: 'refund',
        reason: 'Customer request',
        parent_uid: '{uid}',
        refund: { status: 'successful', message: 'Refund was approved', rrn: null, auth_code: null },
      },
    },
    has: ['id', 'be_protected_verification', 'closed_at', 'settled_at'],
    hasNot: never,
  },
  {
    operation: 'a card token',
    source: 'suite',
    path: '/credit_cards',
    request: card(),
    status: 200,
    body: { holder: 'John Doe', brand: 'visa', first_1: '4', last_4: '0000', exp_year: 2030 },
    has: ['token', 'stamp', 'exp_month'],
  },
  {
    operation: 'a payment in version 3',
    source: 'documents',
    path: payments,
    request: money(),
    version: 3,
    status: 200,
    body: { ...successful, code: 'S.0000', transaction: { status: 'successful' } },
    has: ['uid', 'friendly_message'],
  },
]

const refusals: readonly Fact[] = [
  {
    operation: 'an unknown parent',
    source: 'recorded',
    path: '/transactions/voids',
    request: { parent_uid: '1111111-1111111111', amount: 10 },
    status: 400,
    body: {
      response: {
        message: 'Parent uid Parent transaction is not found.',
        errors: { parent_uid: ['Parent transaction is not found'] },
      },
    },
  },
  {
    operation: 'an unknown token',
    source: 'recorded',
    path: authorizations,
    request: money({ credit_card: { token: '11111111-1111-1111-1111-111111111111' } }),
    status: 400,
    body: {
      response: { message: 'Token does not exist.', errors: { credit_card: { token: ['does not exist'] } } },
    },
  },
  {
    operation: 'an expired card',
    source: 'suite',
    path: authorizations,
    request: money({ credit_card: card({ exp_year: '2010' }) }),
    status: 'refused',
    body: { response: { errors: { credit_card: { date: ['is expired'] } } } },
    says: /Date is expired/i,
  },
  ...['captures', 'voids'].map(
    (type): Fact => ({
      operation: `more than is left, in ${type}`,
      source: 'suite',
      after: authorized,
      path: `/transactions/${type}`,
      request: child({ amount: 1333 }),
      status: 'refused',
      body: { response: { errors: {} } },
      says: /Amount can't be greater than/,
    }),
  ),
  {
    operation: 'a refund without a reason, and of too much',
    source: 'suite',
    after: paid,
    path: '/transactions/refunds',
    request: child({ amount: 1333 }),
    status: 'refused',
    body: { response: { errors: { reason: ["can't be blank"] } } },
    says: /Reason can't be blank\./,
  },
]

const lookups: readonly Fact[] = [
  {
    operation: 'a lookup by uid',
    source: 'recorded',
    after: paid,
    path: '/transactions/{uid}',
    status: 200,
    body: { transaction: { uid: '{uid}', id: '{uid}', status: 'successful' } },
    has: always,
  },
  {
    operation: 'a lookup by an unknown uid',
    source: 'recorded',
    path: '/transactions/3596794-18f91f7c11',
    status: 404,
    body: { response: { message: 'Record not found' } },
  },
  {
    operation: 'a lookup by tracking id',
    source: 'suite',
    after: paid,
    path: '/v2/transactions/tracking_id/my_custom_variable',
    status: 200,
    body: { transactions: [{ uid: '{uid}', amount: 1233, tracking_id: 'my_custom_variable' }] },
  },
  {
    operation: 'a lookup by an unknown tracking id',
    source: 'suite',
    path: '/v2/transactions/tracking_id/none',
    status: 200,
    body: { transactions: [] },
  },
]

export const facts: readonly Fact[] = [...transactions, ...refusals, ...lookups]
