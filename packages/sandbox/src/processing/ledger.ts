/** The books: every transaction that was processed, by uid and by tracking id, and the cards that were saved. */
import type { Card } from '../cards/card.ts'
import type { Entry } from './entry.ts'

export interface Ledger {
  /** Writes a transaction, over an earlier state of the same one. */
  put(entry: Entry): void
  byUid(uid: string): Entry | undefined
  /** The successful transactions that have this one as their parent. */
  children(uid: string): Entry[]
  /** All, or those of a tracking id, whatever the shop, oldest first. */
  all(trackingId?: string): Entry[]
  saveCard(shopId: string, token: string, card: Card): void
  savedCard(shopId: string, token: string): Card | undefined
}

/** @param onPut called with each state of each transaction */
export function createLedger(onPut: (entry: Entry) => void): Ledger {
  const entries = new Map<string, Entry>()
  const byTrackingId = new Map<string, string[]>()
  const byParent = new Map<string, string[]>()
  const cards = new Map<string, Card>()

  const read = (uids: readonly string[] = []): Entry[] =>
    uids.flatMap((uid) => entries.get(uid) ?? []).sort((a, b) => a.order.takenAt - b.order.takenAt)

  return {
    put(entry) {
      if (!entries.has(entry.uid)) {
        index(byTrackingId, entry.order.trackingId, entry.uid)
        index(byParent, entry.order.parentUid, entry.uid)
      }
      entries.set(entry.uid, entry)
      onPut(entry)
    },
    byUid: (uid) => entries.get(uid),
    children: (uid) => read(byParent.get(uid)).filter((entry) => entry.status === 'successful'),
    all: (trackingId) => read(trackingId === undefined ? [...entries.keys()] : byTrackingId.get(trackingId)),
    saveCard: (shopId, token, card) => void cards.set(`${shopId}/${token}`, card),
    savedCard: (shopId, token) => cards.get(`${shopId}/${token}`),
  }
}

function index(map: Map<string, string[]>, key: string | null | undefined, uid: string): void {
  if (key === null || key === undefined) return
  const uids = map.get(key)
  if (uids) uids.push(uid)
  else map.set(key, [uid])
}
