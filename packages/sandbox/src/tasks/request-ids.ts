/** The `RequestID` header (protocol section 2): for 24 hours, repeats under one id are attempts at one request. */
import type { Reply } from '../reply.ts'
import { retentionMs, type Task } from './task.ts'

/** What the first request under an id came to: a task, or a refusal that its repeats get as well. */
export type FirstAnswer = { readonly task: Task } | { readonly refused: Reply }

export interface RequestIds {
  find(
    shopId: string,
    requestId: string,
    now: number,
  ): { readonly endpoint: string; readonly first: FirstAnswer } | undefined
  remember(shopId: string, requestId: string, endpoint: string, first: FirstAnswer, now: number): void
}

export function createRequestIds(): RequestIds {
  const known = new Map<string, { endpoint: string; first: FirstAnswer; at: number }>()

  /** A map keeps the order of insertion, so the oldest come first. */
  const forgetOld = (now: number): void => {
    for (const [key, { at }] of known) {
      if (now - at < retentionMs) return
      known.delete(key)
    }
  }

  return {
    find(shopId, requestId, now) {
      forgetOld(now)
      return known.get(`${shopId}/${requestId}`)
    },
    remember(shopId, requestId, endpoint, first, now) {
      known.set(`${shopId}/${requestId}`, { endpoint, first, at: now })
    },
  }
}
