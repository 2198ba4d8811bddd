/** What the tour shows. Each scene pays over a real socket, and says what must have come of it. */
import type { Client, Outcome, PaymentRequest, TransactionTask } from '@async-transaction/core'
import type { Sandbox } from '@async-transaction/sandbox'

/** What a scene plays with. */
export interface Stage {
  readonly client: Client
  readonly sandbox: Sandbox
  /** Shows the states of a task until it ends. */
  readonly show: (task: TransactionTask, observer?: string) => Promise<Outcome>
  readonly say: (text: string) => void
  /** Shows whether `fact` holds; a tour in which one does not fails. */
  readonly check: (fact: boolean, text: string) => void
}

export interface Scene {
  readonly title: string
  readonly play: (stage: Stage, request: PaymentRequest) => Promise<void>
  readonly card: string
}

const charged = ({ sandbox, check }: Stage, { tracking_id }: PaymentRequest): void => {
  const charges = sandbox.charges(tracking_id)
  check(charges === 1, `charges at the gateway: ${charges}`)
}

export const scenes: readonly Scene[] = [
  {
    title: 'A payment that succeeds',
    card: '4200000000000000',
    async play(stage, request) {
      const outcome = await stage.show(stage.client.submit('payments', request))
      stage.check(isResult(outcome, 'successful'), 'the transaction is successful')
      charged(stage, request)
    },
  },
  {
    title: 'A decline: a result, not an error',
    card: '4005550000000019',
    async play(stage, request) {
      const outcome = await stage.show(stage.client.submit('payments', request))
      stage.check(isResult(outcome, 'failed'), 'the transaction is declined, and that is known for certain')
    },
  },
  {
    title: '3-D Secure: incomplete, until the customer confirms',
    card: '4012000000001097',
    async play(stage, request) {
      const outcome = await stage.show(stage.client.submit('payments', request))
      stage.check(isResult(outcome, 'incomplete'), 'the transaction waits for the customer')
      const page = outcome.status === 'result' ? outcome.transaction?.redirect_url : undefined
      if (!page) return
      stage.say(`the customer opens ${page} and clicks Confirm`)
      await fetch(page, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }) })
      const [transaction] = await stage.client.find({ trackingId: request.tracking_id ?? '' })
      stage.check(transaction?.status === 'successful', `looked up by tracking id: ${transaction?.status}`)
      charged(stage, request)
    },
  },
  {
    title: 'An error that the gateway returns once, and two observers that both get it',
    card: '4200000000000000',
    async play(stage, request) {
      stage.sandbox.fault({ on: 'submit', kind: 'error' })
      const task = stage.client.submit('payments', request)
      const [first, second] = await Promise.all([stage.show(task, 'A'), stage.show(task, 'B')])
      const same = first.status === 'error' && second.status === 'error' && first.error === second.error
      stage.check(same, 'both observers have the error')
      const sent = stage.sandbox.requests()
      const [errors, unknown] = [500, 404].map(
        (status) => sent.filter((each) => each.taskId === task.handle?.requestId && each.status === status).length,
      )
      const lookups = sent.filter(
        ({ operation, trackingId }) => operation === 'lookup' && trackingId === request.tracking_id,
      )
      // A balancer returns errors as well: only the gateway forgets the task after it.
      stage.check(
        errors === 1 && unknown === 1,
        'the gateway returned it once, and a 404 to the next poll confirmed it',
      )
      stage.check(lookups.length === 1, 'a lookup listed no transaction')
    },
  },
  {
    title: 'A connection that drops after the POST was taken',
    card: '4200000000000000',
    async play(stage, request) {
      stage.sandbox.fault({ on: 'submit', kind: 'drop-after' })
      const outcome = await stage.show(stage.client.submit('payments', request))
      stage.check(isResult(outcome, 'successful'), 'the transaction is successful all the same')
      const posts = stage.sandbox
        .requests()
        .filter(({ operation, trackingId }) => operation === 'submit' && trackingId === request.tracking_id)
      const ids = new Set(posts.map(({ requestIdHeader }) => requestIdHeader))
      stage.check(posts.length === 2 && ids.size === 1, `POSTs sent: ${posts.length}, under ${ids.size} RequestID`)
      charged(stage, request)
    },
  },
]

const isResult = (outcome: Outcome, status: string): boolean =>
  outcome.status === 'result' && outcome.transaction?.status === status
