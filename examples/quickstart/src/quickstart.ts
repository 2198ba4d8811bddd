import { basicAuth, createClient } from '@async-transaction/core'

const { GATEWAY = 'https://gw.horizonpay.kz', SHOP_ID = '', SECRET_KEY = '' } = process.env
const client = createClient({ baseUrl: GATEWAY, auth: basicAuth({ shopId: SHOP_ID, secretKey: SECRET_KEY }) })

const task = client.submit('payments', {
  amount: 3245, // in minor units: 32.45 KZT
  currency: 'KZT',
  description: 'Order 17',
  tracking_id: 'order-17',
  credit_card: { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2030' },
})
for await (const state of task) console.log(state.status) // processing …, completed, result
const transaction = await task.result()
console.log(transaction.status, transaction.uid) // successful, or failed: a decline is a result
