/**
 * Where an order becomes a transaction: what the gateway, the acquirer and the customer's bank do between the
 * acknowledgement and the result.
 */
import type { Agenda } from '../agenda.ts'
import type { Card, CardBehaviour } from '../cards/card.ts'
import type { Clock } from '../clock.ts'
import { type RefusalStatus, refusal } from '../gateway-error.ts'
import type { Random } from '../random.ts'
import { json, type Reply } from '../reply.ts'
import type { Order } from '../request/order.ts'
import { drawMark } from './acquirer-mark.ts'
import { belongsTo, type Entry, openEntry, settle } from './entry.ts'
import type { Ledger } from './ledger.ts'
import type { Listing } from './listing.ts'
import { lookUpByTrackingId, lookUpByUid } from './lookups.ts'
import { refuseByParent } from './parent-check.ts'
import { standardAnswer } from './standard-answer.ts'
import { transactionReply } from './transaction-reply.ts'
import type { Verdict } from './verdicts.ts'

export interface Processor {
  /** Opens the transaction of an acknowledged order, for the list of lookups; returns the uid that it will have. */
  begin(order: Order): string
  /** Processes the order that began under this uid into its answer; `uid` is absent if there is no transaction. */
  process(order: Order, uid: string): { readonly reply: Reply; readonly uid?: string }
  /** Drops the transaction of an order that is not processed after all. */
  abandon(uid: string): void
  /** Ends a transaction that waits for its customer. One that has ended stays as it is. */
  decide(uid: string, decision: 'confirm' | 'cancel'): void
}

/** Cards whose payments are `incomplete` at first (protocol section 4). */
const enrolled: readonly CardBehaviour[] = ['is-frictionless', 'is-challenged', 'fails-challenge']

/** How long the bank takes to let a customer pass without a challenge; how long really is not documented. */
const frictionlessMs = 3000

export function createProcessor(options: {
  readonly clock: Clock
  readonly agenda: Agenda
  readonly random: Random
  readonly ledger: Ledger
  readonly listing: Listing
  readonly refusalStatus: RefusalStatus
  /** Called with each transaction that got its final state. */
  readonly onFinal: (entry: Entry) => void
}): Processor {
  const { clock, agenda, random, ledger, listing, refusalStatus, onFinal } = options
  const draw = {
    acquirer: () => drawMark(random),
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
    if (entry.card?.behaviour === 'is-frictionless') {
      agenda.at(clock.now() + frictionlessMs, () => endByUid(entry.uid, 'approved'))
    }
    return waiting
  }

  const endByUid = (uid: string, verdict: Verdict): void => {
    const entry = ledger.byUid(uid)
    if (entry) end(entry, verdict)
  }

  const answer = (entry: Entry): { reply: Reply; uid: string } => ({
    reply: transactionReply(standardAnswer(entry).transaction),
    uid: entry.uid,
  })

  const cardOf = (order: Order): Card | undefined =>
    order.token === undefined ? order.card : ledger.savedCard(order.shop.shopId, order.token)

  const parentOf = (order: Order): Entry | undefined => {
    const parent = ledger.byUid(order.parentUid ?? '')
    return parent && belongsTo(parent, order.shop.shopId) ? parent : undefined
  }

  const processCard = (order: Order, uid: string): ReturnType<Processor['process']> => {
    const card = cardOf(order)
    if (!card) return unknownToken()
    const entry = openEntry(order, uid, card, undefined)
    if (enrolled.includes(card.behaviour) && order.type.customerPays && !order.skipThreeDSecure) {
      return answer(challenge(entry))
    }
    return answer(end(entry, card.behaviour === 'is-declined' ? 'declined' : 'approved'))
  }

  const processChild = (order: Order, uid: string): ReturnType<Processor['process']> => {
    const parent = parentOf(order)
    const refused = refuseByParent(order, parent, ledger.children(order.parentUid ?? ''), refusalStatus)
    if (refused) return { reply: refused }
    return answer(end(openEntry(order, uid, parent?.card, parent), 'approved'))
  }

  const saveCard = (order: Order): ReturnType<Processor['process']> => {
    const { shopId } = order.shop
    if (!order.card || (order.token !== undefined && !ledger.savedCard(shopId, order.token))) return unknownToken()
    const token = order.token ?? draw.token()
    ledger.saveCard(shopId, token, order.card)
    return { reply: json(200, cardToken(order.card, token)) }
  }

  const processOrder = (order: Order, uid: string): ReturnType<Processor['process']> => {
    switch (order.type.flow) {
      case 'card':
        return processCard(order, uid)
      case 'child':
        return processChild(order, uid)
      case 'card-token':
        return saveCard(order)
      case 'balance':
        return { reply: json(200, balance(order.currency ?? 'KZT')) }
      case 'query':
        return { reply: query(listing, order) }
    }
  }

  return {
    begin(order) {
      const uid = random.uid()
      const parent = parentOf(order)
      if (order.type.flow === 'card') listing.begin(openEntry(order, uid, cardOf(order), undefined))
      if (order.type.flow === 'child') listing.begin(openEntry(order, uid, parent?.card, parent))
      return uid
    },
    process(order, uid) {
      const processed = processOrder(order, uid)
      if (processed.uid === undefined) listing.withdraw(uid)
      return processed
    },
    abandon: listing.withdraw,
    decide(uid, decision) {
      const passes = ledger.byUid(uid)?.card?.behaviour !== 'fails-challenge'
      if (decision === 'cancel') endByUid(uid, 'cancelled')
      else endByUid(uid, passes ? 'approved' : 'authentication-failed')
    },
  }
}

/** As recorded, 400 included. */
function unknownToken(): { reply: Reply } {
  const errors = { credit_card: { token: ['does not exist'] } }
  return { reply: refusal(400, 'F.0118', 'The saved card was not found.', errors) }
}

/** The answer to `/credit_cards`: no transaction. */
function cardToken({ holder, stamp, brand, last4, first1, expMonth, expYear }: Card, token: string): object {
  return { holder, stamp, brand, last_4: last4, first_1: first1, token, exp_month: expMonth, exp_year: expYear }
}

function balance(currency: string): object {
  const account = { gatewayId: 317, account: 'SANDBOX', amount: 100_000_000, currency, bankInfo: null }
  return { status: 'successful', result: account }
}

/** A status query answers as the lookup of what it names. */
function query(listing: Listing, order: Order): Reply {
  const { shopId } = order.shop
  if (order.uid !== undefined) return lookUpByUid(listing, shopId, order.uid)
  return lookUpByTrackingId(listing, shopId, order.trackingId ?? '')
}
