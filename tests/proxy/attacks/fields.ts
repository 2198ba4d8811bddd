/** What a page may not say: fields that the shop fixes, fields that nobody gives it, and cards that are none of its own. */

import { requestFor } from '../shop.ts'
import { type Attack, refused } from './attack.ts'

const card = { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2035' }

const field = (name: string, gain: string, fields: object, status: number | readonly number[] = 403): Attack =>
  refused(`a request ${name}`, gain, status, ({ pay }) => pay(fields))

const CHEAPER = 'pays less than the shop asks for'
const HOOK = 'is sent the credentials of the shop in every webhook'
const FRAUD = 'has the gateway check the risk of another customer'

export const fieldAttacks: readonly Attack[] = [
  field('of 1', CHEAPER, { amount: 1 }),
  field('of 0', CHEAPER, { amount: 0 }),
  field('of a negative amount', 'is paid by the shop', { amount: -1000 }),
  field('of an amount as a text', CHEAPER, { amount: '1' }),
  field('of an amount in a list', CHEAPER, { amount: [1] }),
  field('of an amount that is an object', CHEAPER, { amount: { valueOf: 1 } }),
  field('of a fraction', CHEAPER, { amount: 0.1 }),
  field('of an amount that no double has', 'is rounded to another amount on the way', { amount: 1e21 }),
  field('without an amount, by null', CHEAPER, { amount: null }),
  field('in a weaker currency', CHEAPER, { currency: 'VND' }),
  field('in a currency of other case', 'is another intent, and charged again', { currency: 'kzt' }),
  field('with a space after the currency', 'is another intent, and charged again', { currency: 'KZT ' }),
  field('of another tracking id', 'settles the order of somebody else', { tracking_id: 'order-1' }),
  field('with a look-alike of the tracking id', 'is two orders at the shop', { tracking_id: 'order-1\u200b' }),
  field('with another description', 'has the customer confirm something else', { description: 'A gift' }),
  field('with a webhook', HOOK, { notification_url: 'https://evil.example/' }),
  field('with a webhook of the shop itself', HOOK, { notification_url: 'https://shop.example/log?' }),
  field('with a webhook under a verification', HOOK, { verification_url: 'https://evil.example/' }),
  field('that returns to another page', 'takes the customer to a page that asks for the card again', {
    return_url: 'https://evil.example/',
  }),
  field('that is a test', 'pays with a test card', { test: true }),
  field('that is a test, as a text', 'pays with a test card', { test: 'true' }),
  field('that is no test, where nothing is said', 'leaves the mode to the page', { test: false }),
  field('without the check for duplicates', 'charges the same card twice within seconds', { duplicate_check: false }),
  field('of a parent', 'captures or refunds a payment of somebody else', { parent_uid: '10203040-0000' }),
  field('with another name on the statement', 'hides the shop from the customer', {
    dynamic_billing_descriptor: 'EVIL',
  }),
  field('that never expires', 'is confirmed years later', { expired_at: '2099-01-01T00:00:00Z' }),
  field('of a contract', 'turns one payment into a subscription', {
    additional_data: { contract: ['recurring', 'card_on_file'] },
  }),
  field('with words for the receipt', 'writes on the paper of the shop', {
    additional_data: { receipt_text: ['paid in full'] },
  }),
  field('with metadata', 'says to the shop what only the shop says to itself', {
    additional_data: { meta: { paid: true } },
  }),
  field('with another platform', 'speaks as another integration', { additional_data: { platform_data: 'x' } }),
  field('with a field of another case', 'passes a list that only knows the other', {
    Notification_URL: 'https://evil.example/',
  }),
  field('with a field and a space', 'passes a list, and is trimmed by the gateway', {
    'notification_url ': 'https://evil.example/',
  }),
  field('with a field in brackets', 'passes a list, and is nested by the gateway', { 'request[amount]': 1 }),
  field('with a field and a mark that is not seen', 'passes a list, and is normalised by the gateway', {
    'amount\u200b': 1,
  }),
  field('with a field by the name constructor', 'finds what every object has', { constructor: { amount: 1 } }),
  field('with a field by the name toString', 'finds what every object has', { toString: 'x' }),
  field('that skips 3-D Secure', 'shifts the fraud to the shop', {
    credit_card: { ...card, skip_three_d_secure_verification: true },
  }),
  field('that skips 3-D Secure, as a text', 'shifts the fraud to the shop', {
    credit_card: { ...card, skip_three_d_secure_verification: 'true' },
  }),
  field('that brings a result of 3-D Secure', 'says of itself that the bank confirmed it', {
    credit_card: { ...card, three_d_secure_verification: { pa_status: 'Y', eci: '05' } },
  }),
  field('with the token of a saved card', 'pays with the card of somebody else', {
    credit_card: { token: 'the-token-of-somebody' },
  }),
  field('with a number beside a saved card', 'hides a stolen card behind a decoy, for every limit', {
    credit_card: { ...card, token: 'the-token-of-somebody' },
  }),
  field('with the token of a saved card in a list', 'pays with the card of somebody else', {
    credit_card: [{ token: 'the-token-of-somebody' }],
  }),
  field('with a card to pay out to', 'sends the money to a card of its own', { recipient_credit_card: card }),
  field('with a saved card in an encrypted section', 'pays with the card of somebody else', {
    encrypted_credit_card: { token: '$begatewaycsejs_1_0_0$eA==' },
  }),
  field('with an address of the customer in another case', FRAUD, { customer: { IP: '192.0.2.1' } }),
  field('with an address of the customer and a space', FRAUD, { customer: { 'ip ': '192.0.2.1' } }),
  field('with a webhook in the customer', HOOK, { customer: { notification_url: 'https://evil.example/' } }),
  field('with an amount in the customer', CHEAPER, { customer: { amount: 1 } }),
  field('with an amount in the billing address', CHEAPER, { billing_address: { amount: 1 } }),
  field('with a customer that is a list', FRAUD, { customer: [{ ip: '192.0.2.1' }] }),
  field('with a billing address that is a text', 'breaks what reads it', { billing_address: 'x' }),
  field('with a payment method', 'pays by another, without a card', { payment_method: { types: ['erip'] } }),
  field('for an iframe', 'has the gateway take the card in a page of its own', { iframe: true }),
  field('with credentials', 'speaks as another shop', { shop: { id: 362, secret_key: 'x' } }),
  refused('a second request beside the first', 'has one checked and the other sent', 403, ({ call, mine, order }) =>
    call('/async/transactions/payments', {
      method: 'POST',
      token: mine,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ request: requestFor(order), checkout: { ...requestFor(order), amount: 1 } }),
    }),
  ),
  refused('a field twice, the second one cheaper', CHEAPER, 403, ({ call, mine, order }) =>
    call('/async/transactions/payments', {
      method: 'POST',
      token: mine,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ request: requestFor(order) }).replace(/"amount":\d+/, '$&,"amount":1'),
    }),
  ),
]
