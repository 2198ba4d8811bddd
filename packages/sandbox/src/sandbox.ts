/** The sandbox as its users see it: what one gives it, and what one can do with it. */
import type { Clock } from './clock.ts'
import type { Fault } from './faults/fault.ts'
import type { AddedTransaction } from './processing/added-transaction.ts'
import type { Chargeback } from './processing/chargeback.ts'
import type { Correction } from './processing/correction.ts'
import type { SandboxTransaction } from './processing/standard-answer.ts'
import type { RequestRecord, TaskRecord, WebhookRecord } from './records.ts'
import type { WireReply } from './reply.ts'
import type { Switches } from './switches.ts'

export interface SandboxOptions {
  /** Where all time comes from. @default the real time */
  clock?: Clock | undefined
  /**
   * How long a task takes to be processed, in milliseconds; of a pair, anything between the two. With 0 a task is
   * acknowledged as `processing` and found completed by whoever asks next.
   * @default 0
   */
  latencyMs?: number | readonly [min: number, max: number] | undefined
  /**
   * Delay of lookups, in milliseconds: a transaction, and each change of its state, shows in them that much later.
   * Results, webhooks and the records of the sandbox do not lag. @default 0
   */
  lookupLagMs?: number | undefined
  /** The only credentials that are taken. @default any shop id and secret key that are not empty */
  credentials?: { readonly shopId: string | number; readonly secretKey: string } | undefined
  /** Makes ids, authorization codes and latencies reproducible. @default different ones each time */
  seed?: number | undefined
  /** Sends the webhooks. @default the global `fetch` */
  fetch?: ((request: Request) => Promise<Response>) | undefined
  /** Called with the record of each request once its answer is known. */
  onRequest?: ((record: RequestRecord) => void) | undefined
  /** What the URLs in answers begin with. @default the origin of each request */
  baseUrl?: string | undefined
  /** The HTTP status of a result that is still `processing`; clients take all three (protocol section 1). @default 425 */
  processingStatus?: Switches['processingStatus'] | undefined
  /** The HTTP status of `/async/status` for a task that is still processing. @default 200 */
  statusUrlProcessing?: Switches['statusUrlProcessing'] | undefined
  /** The HTTP status of `{"status":"unknown"}` from either URL of a task. @default 404 */
  unknownStatus?: Switches['unknownStatus'] | undefined
  /** The body of a 401: `{"message"}`, a plain text, or a page. @default 'json' */
  unauthorizedAs?: Switches['unauthorizedAs'] | undefined
  /** A task of another shop: `unknown`, or 403 with a `message`, which consumes nothing. @default 'unknown' */
  foreignTasks?: Switches['foreignTasks'] | undefined
  /**
   * Where a request with invalid fields, or a duplicate, is refused: in the answer to the POST, or as the once-only
   * answer of a task. The protocol leaves both open. @default 'submit'
   */
  refuseAt?: Switches['refuseAt'] | undefined
  /**
   * HTTP status of a refusal, in the response to the POST and in the result of a task; clients branch on the class
   * (protocol section 4). An unknown parent or token is 400 with either. @default 422
   */
  refusalStatus?: Switches['refusalStatus'] | undefined
  /**
   * Response to a repeat under a `RequestID` while its first request is still being processed: the acknowledgement, or
   * this HTTP status with a `message` (protocol section 2). Later repeats get the acknowledgement.
   * @default 'acknowledgement'
   */
  repeatWhileProcessing?: Switches['repeatWhileProcessing'] | undefined
  /**
   * Entry of a transaction in lookups between its acknowledgement and its first state (protocol section 4): none; one
   * that is `incomplete`, with the `uid` it will keep and without a `redirect_url`; or the same without a `status`. A
   * task that ends without a transaction leaves the list again. @default 'nothing'
   */
  listedWhileProcessing?: Switches['listedWhileProcessing'] | undefined
  /**
   * How lookups by tracking id list captures, voids and refunds (protocol section 3): under a `tracking_id` of their own;
   * or the gateway ignores that, and lists them under the one of their parent; or not at all. @default 'by-own-id'
   */
  childrenListed?: Switches['childrenListed'] | undefined
  /** A `tracking_id` that is a number: an invalid field, or taken as its text. @default 'refused' */
  numericTrackingIds?: Switches['numericTrackingIds'] | undefined
  /** A currency such as `kzt`: an invalid field, or taken as `KZT`. @default 'refused' */
  lowerCaseCurrencies?: Switches['lowerCaseCurrencies'] | undefined
  /** An amount such as `"3245"`: an invalid field, or taken as its number. @default 'refused' */
  amountsAsText?: Switches['amountsAsText'] | undefined
  /**
   * Card numbers in the clear: `'refused'` refuses them, in version 3 with `E.1065`, as to a shop without the permission
   * (protocol section 7); encrypted fields and tokens pass. @default 'allowed'
   */
  rawCards?: Switches['rawCards'] | undefined
  /** The key pair that signs webhooks: RSASSA-PKCS1-v1_5, SHA-256. @default a new one at first use */
  webhookKeys?: CryptoKeyPair | undefined
}

export interface Sandbox {
  /**
   * Answers a request in process; give it to a client as its `fetch`. What comes with a `Request` goes before what is in
   * it, but for the signals, which both count. Rejects with a `TypeError` when a fault drops the connection, and with the
   * reason of a signal when that is aborted.
   */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>
  /** The same for servers, who can do what a `Response` cannot: reset a connection. See `serveSandbox`. */
  exchange(request: Request): Promise<WireReply>
  /**
   * Plans a fault.
   * @returns a function that takes it back
   * @throws TypeError that names the option and what it takes
   */
  fault(fault: Fault): () => void
  clearFaults(): void
  /** The tasks that were created, oldest first. */
  tasks(): TaskRecord[]
  /** The latest 10 000 requests to the gateway, oldest first. */
  requests(): RequestRecord[]
  /**
   * How many transactions reached the acquirer, successful or declined: with this tracking id, or at all. Repeats under
   * one `RequestID` count once; refusals, duplicates and unconfirmed or failed 3-D Secure count nothing. A correction to
   * `successful` counts, since money moved; an added transaction counts only if it is `charged`.
   */
  charges(trackingId?: string): number
  /** The transactions as they are now, in the gateway's words, oldest first. */
  transactions(trackingId?: string): SandboxTransaction[]
  /**
   * Writes a transaction that did not come through the API, such as an earlier or a later try of the same order: for
   * lookups, parents and refunds it is one of the shop's. It does not count in `charges()`, unless it is `charged`.
   * @returns the transaction, in the gateway's words
   * @throws TypeError that names the field and the values it takes
   */
  addTransaction(transaction: AddedTransaction): SandboxTransaction
  /**
   * Changes a transaction by hand, as support does (protocol section 4): sets the fields, `manually_corrected_at` and
   * `updated_at`, and sends the webhook with the new values. The result of its task stays as it was.
   * @returns the transaction as it is now
   * @throws Error for an unknown uid; TypeError that names the field and the values it takes
   */
  correct(uid: string, correction: Correction): SandboxTransaction
  /**
   * Makes the chargeback of a transaction (protocol section 4), and sends its webhook to the `notification_url` of that
   * transaction. It does not count in `charges()`.
   * @returns the chargeback
   * @throws Error for an unknown uid; TypeError that names the field and the values it takes
   */
  chargeback(uid: string, chargeback?: Chargeback): SandboxTransaction
  /** The attempts to deliver webhooks, oldest first. */
  webhooks(): WebhookRecord[]
  /** Sends the webhook of a transaction again, as it is now. Rejects if it has no `notification_url`. */
  redeliver(uid: string): Promise<WebhookRecord>
  /** The public key of the webhooks' signatures: bare base64 of SPKI DER. */
  publicKey(): Promise<string>
  /** The same key as PEM. */
  publicKeyPem(): Promise<string>
  /** Cancels everything pending and refuses every further connection. The records stay. */
  close(): void
}
