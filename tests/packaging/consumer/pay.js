/** One payment with an injected core: what came of it, in two words. `observe` is how it is waited for. */
export async function pay(
  { basicAuth, createClient, fixedSchedule },
  baseUrl,
  trackingId,
  observe = (task) => task.outcome(),
) {
  const client = createClient({
    baseUrl,
    auth: basicAuth({ shopId: '361', secretKey: 'a-secret-key' }),
    schedule: fixedSchedule({ intervalMs: 50 }),
  })
  const task = client.submit('payments', {
    amount: 3245,
    currency: 'KZT',
    description: trackingId,
    tracking_id: trackingId,
    credit_card: { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2030' },
  })
  const { status, transaction } = await observe(task)
  return `${status} ${transaction?.status}`
}
