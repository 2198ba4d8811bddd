/**
 * Payments through every fault of the sandbox's network, over real sockets. Runs unchanged in any runtime with `fetch`: it
 * imports core alone, and plans its faults through the gateway's control API.
 */
import { basicAuth, createClient, fixedSchedule, type Outcome } from '@async-transaction/core'
import { ask } from './ask.ts'

export interface Verdict {
  readonly name: string
  /** What was wrong; nothing if all was well. */
  readonly problem?: string
}

interface Fault {
  readonly on: 'submit' | 'status' | 'result' | 'lookup'
  readonly kind: string
  readonly [option: string]: unknown
}

interface Case {
  readonly name: string
  readonly faults: readonly Fault[]
  /** The end that this must have. The card is charged if that is a success, and only then. */
  readonly end: RegExp
}

const lossy: readonly { readonly kind: string; readonly [option: string]: unknown }[] = [
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'truncate' },
  { kind: 'stall' },
  { kind: 'empty' },
  { kind: 'garbage' },
  { kind: 'oversize', bytes: 307_200 },
  { kind: 'html' },
  { kind: 'proxy-json' },
  { kind: 'redirect', location: 'https://elsewhere.test/' },
  { kind: 'throttle', retryAfter: 0 },
  { kind: 'delay', ms: 150 },
]

const PAID = /^result successful$/
const NEVER_TAKEN = ['drop-before', 'html', 'proxy-json', 'redirect']

/**
 * Some runtimes send a request again by themselves when a connection that was used before is reset. So a lost POST may
 * arrive after all, and of a lost answer nobody may know that there was one.
 */
const cases: readonly Case[] = [
  ...(['submit', 'status', 'result'] as const).flatMap((on) =>
    lossy.map((fault) => ({
      name: `${fault.kind} on ${on}`,
      faults: [{ on, ...fault } as Fault],
      end: PAID,
    })),
  ),
  ...lossy
    .filter(({ kind }) => kind !== 'delay' && kind !== 'throttle')
    .map((fault) => ({
      name: `${fault.kind} on every POST`,
      faults: [{ on: 'submit' as const, times: 3, ...fault } as Fault],
      end: NEVER_TAKEN.includes(fault.kind) ? /^(error submit-lost|result successful)$/ : PAID,
    })),
  {
    name: 'an error that is given once',
    faults: [{ on: 'submit', kind: 'error' }],
    end: /^error gateway-error$/,
  },
  ...['drop-after', 'truncate', 'stall'].map((kind) => ({
    name: `an error that is given once, and lost by ${kind}`,
    faults: [
      { on: 'submit', kind: 'error' },
      { on: 'status', kind, nth: 1 },
      { on: 'result', kind, nth: 1 },
    ] as Fault[],
    end: /^unknown (answer-lost|not-found)$/,
  })),
  {
    name: 'an error that is given once, though the card was charged',
    faults: [{ on: 'submit', kind: 'error', charged: true }],
    end: PAID,
  },
  // Servers on the way speak JSON, too.
  ...[408, 409, 425, 404, 413].map((status) => ({
    name: `a POST that was taken and then refused by another server: ${status}`,
    faults: [{ on: 'submit', kind: 'proxy-json', status, taken: true } as Fault],
    end: PAID,
  })),
  {
    name: 'every POST refused by another server, which no lookup contradicts',
    faults: [{ on: 'submit', kind: 'proxy-json', status: 404, times: 3 }],
    end: /^error submit-rejected$/,
  },
  ...[500, 502, 404, 403, 200].map((status) => ({
    name: `polls answered by another server: ${status}`,
    faults: [{ on: 'status', kind: 'proxy-json', status, body: { message: 'No' }, times: 2 } as Fault],
    end: PAID,
  })),
  {
    name: 'a forgotten task whose card was charged',
    faults: [{ on: 'status', kind: 'forget', charged: true }],
    end: PAID,
  },
  {
    name: 'task URLs on another origin',
    faults: [{ on: 'submit', kind: 'untrusted-urls', origin: 'https://elsewhere.test' }],
    end: PAID,
  },
]

/** Pays once for every case, all at the same time. Amounts from `first` up: the gateway refuses the same one twice. */
export async function payThroughFaults(gatewayUrl: string, run: string, first: number): Promise<Verdict[]> {
  const client = createClient({
    baseUrl: gatewayUrl,
    auth: basicAuth({ shopId: 'shop', secretKey: 'secret' }),
    schedule: fixedSchedule({ intervalMs: 40 }),
    submitTimeoutMs: 1500,
    pollTimeoutMs: 1500,
  })
  return Promise.all(
    cases.map(async ({ name, faults, end }, index): Promise<Verdict> => {
      const trackingId = `${run}-${index}`
      for (const fault of faults) await plan(gatewayUrl, { trackingId, ...fault })
      const task = client.submit('payments', {
        amount: first + index,
        currency: 'KZT',
        description: name,
        tracking_id: trackingId,
        credit_card: {
          number: '4200000000000000',
          verification_value: '123',
          exp_month: '05',
          exp_year: '2040',
          holder: 'A',
        },
      })
      const ended = describe(await task.outcome())
      const charges = await chargesOf(gatewayUrl, trackingId)
      if (!end.test(ended)) return { name, problem: `ended in ${ended}, not in ${end.source}` }
      return charges === Number(PAID.test(ended)) ? { name } : { name, problem: `${ended}, with ${charges} charges` }
    }),
  )
}

export const describe = (outcome: Outcome): string => {
  if (outcome.status === 'error') return `error ${outcome.error.code}`
  return outcome.status === 'unknown' ? `unknown ${outcome.cause}` : `result ${outcome.transaction?.status}`
}

export async function plan(gatewayUrl: string, fault: object): Promise<void> {
  await ask(`${gatewayUrl}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
}

export async function chargesOf(gatewayUrl: string, trackingId: string): Promise<number> {
  return ((await ask(`${gatewayUrl}/sandbox/charges/${trackingId}`)) as { charges: number }).charges
}
