/** The payment of one order, as this page shows it: the hook, and what a shop adds to it. */
import { type Client, isTransactionError, type Transaction, type TransactionTask } from '@async-transaction/core'
import { encryptCard } from '@async-transaction/core/encryption'
import { useAsyncTransaction } from '@async-transaction/react'
import { useState } from 'react'
import { type Card, cardFields } from '../../../card-input/card-input.ts'
import { loadOrder, type Order } from './shop-api.ts'

/** Which of its screens the page shows. */
export type Screen =
  | 'loading'
  | 'form'
  | 'offline'
  | 'working'
  | 'paid'
  | 'declined'
  | 'challenge'
  | 'unknown'
  | 'refused'

export interface Payment {
  readonly screen: Screen
  readonly state: ReturnType<typeof useAsyncTransaction>['state']
  readonly transaction: Transaction | undefined
  /** Words for the customer about what went wrong. */
  readonly message: string | undefined
  readonly pay: (card: Card) => Promise<void>
  /** Back to the form, after an end that left the money alone, or before anything was sent. */
  readonly edit: () => void
  /** How often the customer came back to the form. */
  readonly edits: number
  /** Asks the gateway what came of a payment in doubt. Returns whether it knows now. */
  readonly check: () => Promise<boolean>
}

export interface PaymentParts {
  readonly client: Client
  readonly order: Order
}

export function usePayment({ client, order }: PaymentParts): Payment {
  const { submit, state, status, transaction, error, isPending, task, lookup } = useAsyncTransaction(client, {
    type: 'payments',
    recover: order.id,
  })
  const [preparing, setPreparing] = useState<AbortController>()
  const [isOffline, setOffline] = useState(false)
  const [edits, setEdits] = useState(0)
  const [found, setFound] = useState<Transaction>()
  const [edited, setEdited] = useState<TransactionTask>()
  const [problem, setProblem] = useState<string>()

  const shown = found ?? transaction
  const screen = screenOf()
  return { screen, state, transaction: shown, message: messageOf(), pay, edit, edits, check }

  function screenOf(): Screen {
    if (preparing) return isOffline ? 'offline' : 'working'
    if (status === 'idle') return isPending ? 'loading' : problem ? 'refused' : 'form'
    if (isPending) return 'working'
    if (task && task === edited) return problem ? 'refused' : 'form'
    if (shown) return screens[shown.status] ?? 'unknown'
    return error?.effect === 'none' ? 'refused' : 'unknown'
  }

  function messageOf(): string | undefined {
    if (problem) return problem
    if (shown) return shown.friendly_message ?? shown.message ?? undefined
    const friendly = error && 'friendlyMessage' in error ? error.friendlyMessage : undefined
    return friendly ?? error?.message
  }

  async function pay(card: Card): Promise<void> {
    const giving = new AbortController()
    setPreparing(giving)
    setProblem(undefined)
    try {
      // Asked of the shop alone: nothing is sent to the gateway before the shop can be reached.
      await untilOnline(() => loadOrder(order.id), setOffline, giving.signal)
      const encrypted_credit_card = await encryptCard(cardFields(card), order.cardKey)
      if (giving.signal.aborted) return
      submit({
        amount: order.amount,
        currency: order.currency,
        description: order.description,
        tracking_id: order.id,
        encrypted_credit_card,
      })
    } catch (reason) {
      // Nothing was sent: the shop has no such order any more, or the request breaks a rule.
      if (!giving.signal.aborted)
        setProblem(isTransactionError(reason) || reason instanceof Error ? reason.message : 'This card cannot be used.')
    } finally {
      setPreparing((now) => (now === giving ? undefined : now))
    }
  }

  function edit(): void {
    preparing?.abort()
    setPreparing(undefined)
    setEdited(task)
    setFound(undefined)
    setProblem(undefined)
    setEdits((before) => before + 1)
  }

  async function check(): Promise<boolean> {
    if (status === 'unknown') {
      await lookup()
      return task?.getSnapshot().status === 'result'
    }
    // After an error, the books say whether it was paid all the same. A decline there may be that of an earlier try.
    const paid = (await client.find({ trackingId: order.id })).find((one) => one.status === 'successful')
    setFound(paid)
    return paid !== undefined
  }
}

const screens: Readonly<Record<string, Screen>> = {
  successful: 'paid',
  failed: 'declined',
  expired: 'declined',
  incomplete: 'challenge',
}

/** How long it is waited before the network is tried again, in milliseconds: not every page hears that it is back. */
const RETRY_MS = 5000

/** Does `work` as soon as the shop can be reached. Nothing is sent before: `work` must not charge. */
async function untilOnline(
  work: () => Promise<unknown>,
  offline: (is: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await work()
      return offline(false)
    } catch (reason) {
      // What the shop says is an error of its own; no answer at all is a TypeError, in every browser.
      if (!(reason instanceof TypeError) || signal.aborted) {
        offline(false)
        throw reason
      }
    }
    offline(true)
    await new Promise<void>((retry) => {
      const again = (): void => {
        clearTimeout(timer)
        removeEventListener('online', again)
        signal.removeEventListener('abort', again)
        retry()
      }
      const timer = setTimeout(again, RETRY_MS)
      addEventListener('online', again)
      signal.addEventListener('abort', again)
    })
  }
}
