import { basicAuth, createClient, memoryJournal, type PaymentRequest } from '@async-transaction/core'

const { GATEWAY = 'http://127.0.0.1:4010' } = process.env
export const journal = memoryJournal() // in a page: webStorageJournal(() => sessionStorage)

/** As after a reload: another client, the same journal. */
export const openShop = () =>
  createClient({ baseUrl: GATEWAY, auth: basicAuth({ shopId: '361', secretKey: 'sandbox' }), journal })
export const client = openShop()

export const order = (number = '4200000000000000'): PaymentRequest => ({
  amount: 3245, // in minor units: 32.45 KZT
  currency: 'KZT',
  description: 'Order 17',
  tracking_id: 'order-17',
  credit_card: { number, verification_value: '123', holder: 'JANE ROE', exp_month: '05', exp_year: '2030' },
})
