/** The gateway's operations: one request in, one answer out, whatever the network then does to it. */
import { openCard } from './cards/open-card.ts'
import type { Clock } from './clock.ts'
import { invalidRequest, plainError } from './gateway-error.ts'
import { problemPage } from './pages/page.ts'
import { afterChallenge, challengePage, receiptPage } from './pages/transaction-pages.ts'
import type { Ledger } from './processing/ledger.ts'
import type { Listing } from './processing/listing.ts'
import { lookUpByTrackingId, lookUpByUid, lookUpLatest } from './processing/lookups.ts'
import type { Processor } from './processing/processor.ts'
import { inVersion3, type Reply } from './reply.ts'
import { normalized } from './request/lenient-fields.ts'
import { type Order, readOrder } from './request/order.ts'
import { refuseRawCard } from './request/raw-card.ts'
import { readSubmission, trackingIdOf } from './request/read-submission.ts'
import { checkRequest } from './request/request-rules.ts'
import { duplicateKey, findTransactionType } from './request/transaction-types.ts'
import type { Route } from './route.ts'
import { type Credentials, readShop, type Shop } from './shop.ts'
import type { Switches } from './switches.ts'
import { acknowledgement, stillProcessing, type TaskDesk } from './tasks/task-desk.ts'

/** A request that has arrived whole. */
export interface Incoming {
  readonly method: string
  readonly route: Exclude<Route, { operation: 'control' }>
  /** What the URLs in the answer begin with. */
  readonly baseUrl: string
  readonly headers: Headers
  readonly body: string
  /** Called with the task that a POST created, or found by its `RequestID`, in the same turn. */
  readonly onTask: (taskId: string, repeated: boolean) => void
}

type Submitted = Extract<Route, { readonly type: string }>

export interface Gateway {
  answer(incoming: Incoming): Promise<Reply>
}

export function createGateway(options: {
  readonly clock: Clock
  readonly credentials: Credentials | undefined
  readonly switches: Switches
  /** Makes the stamps of the cards this sandbox's own. */
  readonly cardSalt: () => string
  /** Opens encrypted cards. */
  readonly privateKey: () => Promise<JsonWebKey | undefined>
  readonly desk: TaskDesk
  readonly ledger: Ledger
  readonly listing: Listing
  readonly processor: Processor
}): Gateway {
  const { clock, credentials, switches, cardSalt, privateKey, desk, ledger, listing, processor } = options
  const { refuseAt, refusalStatus, repeatWhileProcessing, rawCards, childrenListed } = switches

  /** A capture, a void or a refund as lookups are to list it. */
  const listedChild = (order: Order): Order => {
    if (childrenListed === 'by-own-id') return order
    const parent = childrenListed === 'with-parent' ? ledger.byUid(order.parentUid ?? '') : undefined
    return { ...order, trackingId: null, listedUnder: parent?.order.trackingId ?? undefined }
  }

  const submit = async (incoming: Incoming, route: Submitted, shop: Shop): Promise<Reply> => {
    const sync = route.operation === 'sync'
    const path = route.type
    const type = findTransactionType(path, route.outside ?? false)
    if (!type) return plainError(404, 'There is no such type of transaction')
    const submission = route.request
      ? { request: route.request }
      : readSubmission(incoming.headers.get('content-type'), incoming.body)
    if ('refused' in submission) return submission.refused
    const request = normalized(submission.request, switches)
    const opened = request.encrypted_credit_card && openCard(request.encrypted_credit_card, await privateKey())
    const { encrypted_credit_card: _, ...others } = request
    const plain = opened ? { ...others, credit_card: { ...Object(request.credit_card), ...opened } } : request
    const { baseUrl } = incoming
    const now = clock.now()
    const taken = desk.take({
      endpoint: `${route.operation} ${path}`,
      type,
      shop,
      requestIdHeader: incoming.headers.get('requestid') || undefined,
      trackingId: route.request?.tracking_id ?? trackingIdOf(incoming.body),
      refuseAtOnce: sync || refuseAt === 'submit',
      listed: !sync,
      read() {
        const refused =
          rawCards === 'refused' && type.flow === 'card' ? refuseRawCard(request, refusalStatus) : undefined
        if (refused) return refused
        const errors = checkRequest(path, plain, now)
        if (Object.keys(errors).length > 0) return invalidRequest(refusalStatus, errors)
        const order = readOrder(plain, { type, shop, baseUrl, takenAt: now, salt: cardSalt() })
        return type.flow === 'child' ? listedChild(order) : order
      },
      duplicateKey({ card, token, parentUid }) {
        if (request.duplicate_check === false || request.duplicate_check === 'false') return undefined
        const used = card ?? (token === undefined ? undefined : ledger.savedCard(shop.shopId, token))
        return duplicateKey(type, used?.stamp, parentUid)
      },
    })
    if ('refused' in taken) return taken.refused
    const { task, repeated } = taken
    if (!sync) incoming.onTask(task.id, repeated)
    if (repeated && !task.ended && repeatWhileProcessing !== 'acknowledgement') {
      return stillProcessing(repeatWhileProcessing)
    }
    return sync ? desk.answerOf(task) : acknowledgement(task, baseUrl)
  }

  const showPage = (incoming: Incoming, page: 'challenge' | 'receipt', uid: string): Promise<Reply> => {
    if (page === 'receipt') return receiptPage(ledger.byUid(uid))
    if (incoming.method === 'GET' || !ledger.byUid(uid)?.challenged) return challengePage(ledger.byUid(uid))
    const decision = new URLSearchParams(incoming.body).get('decision')
    if (decision !== 'confirm' && decision !== 'cancel') {
      return problemPage(400, 'Nothing was decided', 'Go back and choose Confirm or Cancel.')
    }
    processor.decide(uid, decision)
    const entry = ledger.byUid(uid)
    return entry ? Promise.resolve(afterChallenge(entry)) : challengePage(entry)
  }

  const respond = async (incoming: Incoming): Promise<Reply> => {
    const { route } = incoming
    if (route.operation === 'none') return refuseRoute(route)
    if (route.operation === 'page') return showPage(incoming, route.page, route.uid)
    const shop = readShop(incoming.headers.get('authorization'), credentials)
    if (!shop) return unauthorized(switches.unauthorizedAs)
    switch (route.operation) {
      case 'submit':
      case 'sync':
        return submit(incoming, route, shop)
      case 'status':
      case 'result':
        return desk.read(route.taskId, shop.shopId, route.operation, incoming.baseUrl)
      case 'lookup': {
        const lookUp = route.by === 'uid' ? lookUpByUid : route.single ? lookUpLatest : lookUpByTrackingId
        return lookUp(listing, shop.shopId, route.id)
      }
    }
  }

  return {
    async answer(incoming) {
      const reply = await respond(incoming)
      return incoming.headers.get('x-api-version') === '3' ? inVersion3(reply) : reply
    },
  }
}

function refuseRoute(route: Route & { operation: 'none' }): Reply {
  if (!('allow' in route)) return plainError(404, 'Not Found')
  return plainError(405, 'Method Not Allowed', undefined, { allow: route.allow })
}

function unauthorized(as: Switches['unauthorizedAs']): Reply {
  const headers = { 'www-authenticate': 'Basic realm="gateway"' }
  switch (as) {
    case 'json':
      return plainError(401, 'Unauthorized', undefined, headers)
    case 'text':
      return { status: 401, headers: { ...headers, 'content-type': 'text/plain' }, body: 'Unauthorized' }
    case 'html':
      return { status: 401, headers: { ...headers, 'content-type': 'text/html' }, body: '<h1>401 Unauthorized</h1>' }
  }
}
