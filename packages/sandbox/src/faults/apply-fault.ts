/** Handles one request under a fault: whether the gateway gets it, and what comes back. */
import type { Reply, WireReply } from '../reply.ts'
import { json } from '../reply.ts'
import type { Mishap } from '../tasks/task.ts'
import { withForeignId, withOrigin, withoutUrls, withPadding, withStatusWord } from './altered-reply.ts'
import { bodyText, cannedReply, takenByDefault } from './canned-reply.ts'
import type { Fault, TaskError } from './fault.ts'

/** What a fault may do with the request it strikes. */
export interface Struck {
  /** Lets the gateway do its work. */
  answer(): Promise<Reply>
  /** The id of the task that is being read; a POST has none yet. */
  readonly taskId: string | undefined
  sleep(ms: number): Promise<void>
  /** An id that no task of ours has. */
  foreignId(): string
}

/** The size that a client is expected to refuse: more than 256 KiB. */
const oversizeBytes = 300 * 1024

export async function applyFault(fault: Fault | undefined, struck: Struck): Promise<WireReply> {
  switch (fault?.kind) {
    case 'drop-before':
      return { kind: 'drop' }
    case 'drop-after':
      await struck.answer()
      return { kind: 'drop' }
    case 'truncate':
    case 'stall':
      return half(fault.kind, await struck.answer())
    case 'delay':
      return whole(await delayed(struck, fault.ms, fault.taken ?? true))
    case 'http':
    case 'html':
    case 'proxy-json':
    case 'throttle':
    case 'redirect':
    case 'empty':
    case 'garbage':
      if (fault.taken ?? takenByDefault[fault.kind]) await struck.answer()
      return whole(cannedReply(fault))
    case 'oversize':
      return whole(withPadding(await struck.answer(), fault.bytes ?? oversizeBytes))
    case 'foreign':
      return whole(withForeignId((fault.taken ?? true) ? await struck.answer() : undefined, struck.foreignId()))
    case 'processing-word':
      if (struck.taskId !== undefined) return whole(json(200, { status: fault.word, request_id: struck.taskId }))
      return whole(withStatusWord(await struck.answer(), fault.word))
    case 'untrusted-urls':
      return whole(withOrigin(await struck.answer(), fault.origin))
    case 'missing-urls':
      return whole(withoutUrls(await struck.answer()))
    default:
      // Nothing is wrong with the exchange: the faults that are left are about the task.
      return whole(await struck.answer())
  }
}

/** What the task of an `error` comes to. */
export function mishapOf(fault: TaskError): Mishap {
  const body = fault.body === undefined ? { message: "We're sorry, but something went wrong" } : fault.body
  return { reply: { ...json(fault.status ?? 500, null), body: bodyText(body) }, charged: fault.charged ?? false }
}

async function delayed(struck: Struck, ms: number, taken: boolean): Promise<Reply> {
  if (!taken) await struck.sleep(ms)
  const reply = await struck.answer()
  if (taken) await struck.sleep(ms)
  return reply
}

function whole(reply: Reply): WireReply {
  return { kind: 'answer', reply }
}

function half(kind: 'truncate' | 'stall', reply: Reply): WireReply {
  return { kind, reply, sent: Math.floor(new TextEncoder().encode(reply.body ?? '').length / 2) }
}
