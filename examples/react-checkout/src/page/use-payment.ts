/** The payment of one order, as this page shows it: the hook, and what a shop adds to it. */
import { type Client, isTransactionError, type Transaction, type TransactionTask } from '@async-transaction/core'
import { useAsyncTransaction } from '@async-transaction/react'
import { useState } from 'react'
import { type Card, cardFields } from './card.ts'
import type { Order } from './shop-api.ts'

/** Which of its screens the page shows. */
export type Screen = 'loading' | 'form' | 'working' | 'paid' | 'declined' | 'challenge' | 'unknown' | 'refused'

export interface Payment {
  readonly screen: Screen
  readonly state: ReturnType<typeof useAsyncTransaction>['state']
  readonly transaction: Transaction | undefined
  /** Words for the customer about what went wrong. */
  readonly message: string | undefined
  readonly pay: (card: Card) => void
  /** Back to the form, after an end that left the money alone. */
  readonly edit: () => void
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
  const [found, setFound] = useState<Transaction>()
  const [edited, setEdited] = useState<TransactionTask>()
  const [problem, setProblem] = useState<string>()

  const shown = found ?? transaction
  const screen = screenOf()
  return { screen, state, transaction: shown, message: messageOf(), pay, edit, check }

  function screenOf(): Screen {
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

  function pay(card: Card): void {
    setProblem(undefined)
    try {
      submit({
        amount: order.amount,
        currency: order.currency,
        description: order.description,
        tracking_id: order.id,
        credit_card: cardFields(card),
      })
    } catch (reason) {
      // Nothing was sent: the request breaks a rule.
      setProblem(isTransactionError(reason) ? reason.message : 'This card cannot be used.')
    }
  }

  function edit(): void {
    setEdited(task)
    setFound(undefined)
    setProblem(undefined)
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
