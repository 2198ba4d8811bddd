/** What the sandbox tells about itself, for assertions: plain records, without card data, without credentials. */
import type { FaultKind } from './faults/fault.ts'
import type { Operation } from './route.ts'

/** One request that reached the gateway, in the order of arrival. */
export interface RequestRecord {
  /** When it arrived, epoch ms by the sandbox's clock. */
  at: number
  method: string
  /** The path, without the query. */
  path: string
  operation: Operation
  /** The status that was sent; absent while the answer is pending, and when the connection was dropped. */
  status?: number
  /** How long the answer took, by the sandbox's clock; absent while it is pending. */
  durationMs?: number
  /** The `X-Request-Id` of the answer. */
  gatewayRequestId: string
  /** The `RequestID` that the client sent. */
  requestIdHeader?: string
  /** The last part of the path of a POST, such as `payments`. */
  type?: string
  /** The tracking id in the body or the path, or that of the task or transaction that was asked for. */
  trackingId?: string
  /** The task that was created, found again by its `RequestID`, or read. */
  taskId?: string
  /** Whether the POST was a repeat under an earlier one's `RequestID`. */
  repeated?: boolean
  /** The kind of the fault that it met. */
  fault?: FaultKind
  /** Whether the client gave up while the answer was pending. */
  aborted?: boolean
}

/** One task. */
export interface TaskRecord {
  /** The gateway's `request_id`. */
  taskId: string
  /** The last part of the path, such as `payments`. */
  type: string
  /**
   * `consumed`: its once-only answer was delivered · `forgotten`: lost by a fault · `expired`: older than 24 hours. The
   * gateway answers 404 `unknown` for these three.
   */
  state: 'processing' | 'completed' | 'consumed' | 'forgotten' | 'expired'
  createdAt: number
  /** When it is, or was, processed. */
  dueAt: number
  /** The HTTP status of its answer. */
  answerStatus?: number
  trackingId?: string
  requestIdHeader?: string
  /** The uid of its transaction. */
  transactionUid?: string
}

/** One attempt to deliver a webhook. */
export interface WebhookRecord {
  /** The transaction's. */
  uid: string
  /** The transaction's, as delivered. */
  transactionStatus: string
  url: string
  /** Counted from 1 per transaction. */
  attempt: number
  at: number
  outcome: 'pending' | 'delivered' | 'failed'
  /** The status of the receiver's answer. */
  httpStatus?: number
  /** Why there was none. */
  error?: string
  /** The raw body, byte for byte when encoded as UTF-8. */
  body: string
  /** The `Content-Signature` header. */
  signature?: string
}
