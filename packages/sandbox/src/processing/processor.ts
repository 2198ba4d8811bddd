/**
 * Where an order becomes a transaction: what the gateway, the acquirer and the customer's bank do between the
 * acknowledgement and the result.
 */
import type { Agenda } from '../agenda.ts'
import type { Clock } from '../clock.ts'
import { type RefusalStatus, refusal } from '../gateway-error.ts'
import type { Random } from '../random.ts'
import { json, type Reply } from '../reply.ts'
import type { Order } from '../request/order.ts'
import { type Entry, openEntry, settle } from './entry.ts'
import type { Ledger } from './ledger.ts'
import { lookUpByTrackingId, lookUpByUid } from './lookups.ts'
import { refuseByParent } from './parent-check.ts'
import { standardAnswer } from './standard-answer.ts'
import type { Verdict } from './verdicts.ts'

export interface Processor {
  /** Processes an order into its answer; `uid` is that of its transaction, if there is one. */
  process(order: Order): { readonly reply: Reply; readonly uid?: string }
  /** Ends a transaction that waits for its customer. One that has ended stays as it is. */
  decide(uid: string, decision: 'confirm' | 'cancel'): void
}

export function createProcessor(options: {
  readonly clock: Clock
  readonly agenda: Agenda
  readonly random: Random
  readonly ledger: Ledger
  readonly refusalStatus: RefusalStatus
  /** Called with each transaction that got its final state. */
  readonly onFinal: (entry: Entry) => void
}): Processor {
  const { clock, agenda, random, ledger, refusalStatus, onFinal } = options
  const draw = {
    acquirer: () => ({ authCode: random.digits(6), rrn: random.digits(12), refId: random.digits(6) }),
    token: () => random.hex(64),
  }

  const end = (entry: Entry, verdict: Verdict): Entry => {
    const final = settle(entry, verdict, clock.now(), draw)
    if (final === entry) return entry
    ledger.put(final)
    if (final.token && final.card) ledger.saveCard(final.order.shop.shopId, final.token, final.card)
    onFinal(final)
    return final
  }

  const challenge = (entry: Entry): Entry => {
    const waiting: Entry = { ...entry, challenged: true, updatedAt: clock.now() }
    ledger.put(waiting)
    const { expiredAt } = entry.order
    if (expiredAt !== null) agenda.at(Date.parse(expiredAt), () => endByUid(entry.uid, 'expired'))
    return waiting
  }

  const endByUid = (uid: string, verdict: Verdict): void => {
    const entry = ledger.byUid(uid)
    if (entry) end(entry, verdict)
  }

  const answer = (entry: Entry): { reply: Reply; uid: string } => ({
    reply: json(200, standardAnswer(entry)),
    uid: entry.uid,
  })

  const processCard = (order: Order): ReturnType<Processor['process']> => {
    const card = order.token === undefined ? order.card : ledger.savedCard(order.shop.shopId, order.token)
    if (!card) {
      const errors = { credit_card: { token: 'is unknown' } }
      return { reply: refusal(refusalStatus, 'F.0118', 'The saved card was not found.', errors) }
    }
    const entry = openEntry(order, random.uuid(), card, undefined)
    const challenged = card.behaviour === 'is-challenged' || card.behaviour === 'fails-challenge'
    if (challenged && order.type.customerPays && !order.skipThreeDSecure) return answer(challenge(entry))
    return answer(end(entry, card.behaviour === 'is-declined' ? 'declined' : 'approved'))
  }

  const processChild = (order: Order): ReturnType<Processor['process']> => {
    const parent = ledger.byUid(order.parentUid ?? '')
    const refused = refuseByParent(order, parent, ledger.children(order.parentUid ?? ''), refusalStatus)
    if (refused) return { reply: refused }
    return answer(end(openEntry(order, random.uuid(), parent?.card, parent), 'approved'))
  }

  return {
    process(order) {
      switch (order.type.flow) {
        case 'card':
          return processCard(order)
        case 'child':
          return processChild(order)
        case 'balance':
          return { reply: json(200, { balance: { currency: order.currency ?? 'KZT', amount: 100_000_000 } }) }
        case 'query':
          return { reply: query(ledger, order) }
      }
    },
    decide(uid, decision) {
      const passes = ledger.byUid(uid)?.card?.behaviour === 'is-challenged'
      if (decision === 'cancel') endByUid(uid, 'cancelled')
      else endByUid(uid, passes ? 'approved' : 'authentication-failed')
    },
  }
}

/** A status query answers as the lookup of what it names. */
function query(ledger: Ledger, order: Order): Reply {
  const { shopId } = order.shop
  if (order.uid !== undefined) return lookUpByUid(ledger, shopId, order.uid)
  return lookUpByTrackingId(ledger, shopId, order.trackingId ?? '')
}
