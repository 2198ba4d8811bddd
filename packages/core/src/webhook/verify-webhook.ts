/** Webhooks, on WebCrypto alone. Protocol section 6. */
import { WebhookError } from '../errors/webhook-error.ts'
import { bytesOf } from '../lib/base64.ts'
import { publicKeyDer } from '../lib/public-key.ts'
import { markVerified } from '../lib/verified.ts'
import { readTransaction, type Transaction } from '../schema/transaction.ts'
import type { BasicCredentials } from '../transport/basic-auth.ts'
import { basicAuth } from '../transport/basic-auth.ts'

/** What is used of a `Request`. Its body must not have been read, parsed or re-encoded before. */
export interface WebhookRequest {
  readonly headers: { get(name: string): string | null }
  arrayBuffer(): Promise<ArrayBuffer>
}

export interface VerifyWebhookOptions {
  /** The shop's public key as the gateway shows it, base64 or PEM; several while keys are rotated. */
  publicKey: string | readonly string[]
  /** The shop's credentials, which the gateway sends along: a second factor. @default not checked */
  credentials?: BasicCredentials
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const MAX_BYTES = 256 * 1024

/**
 * The transaction a webhook brings, if it is the gateway's: signed over the very bytes of the body. Give it to
 * `task.deliver()`. Webhooks come at least once, in any order: `supersedes()` tells what is news.
 *
 * @throws WebhookError with the HTTP status to answer with
 *
 * @example
 * ```ts
 * try {
 *   const transaction = await verifyWebhook(request, { publicKey: env.PUBLIC_KEY })
 *   await orders.settle(transaction) // a declined one as well
 *   return new Response(null, { status: 204 })
 * } catch (error) {
 *   return new Response(null, { status: error instanceof WebhookError ? error.httpStatus : 500 })
 * }
 * ```
 */
export async function verifyWebhook(request: WebhookRequest, options: VerifyWebhookOptions): Promise<Transaction> {
  try {
    return await verified(request, options)
  } catch (error) {
    if (error instanceof WebhookError) throw error
    throw new WebhookError('config', `Cannot be checked: ${(error as Error).message}`)
  }
}

async function verified(request: WebhookRequest, options: VerifyWebhookOptions): Promise<Transaction> {
  const { publicKey, credentials } = options
  const signature = bytesOf(request.headers.get('content-signature') ?? '')
  if (!signature?.length) throw new WebhookError('signature-missing', 'There is no Content-Signature in base64')
  if (credentials && !(await sameText(request.headers.get('authorization') ?? '', await basicAuth(credentials)())))
    throw new WebhookError('unauthorized', 'The credentials are not those of the shop')
  const body = new Uint8Array(await request.arrayBuffer())
  if (body.length > MAX_BYTES) throw new WebhookError('body-too-large', `The body is larger than ${MAX_BYTES} bytes`)

  const keys = await Promise.all([publicKey].flat().map(importKey))
  const checks = await Promise.all(keys.map((key) => crypto.subtle.verify(ALGORITHM, key, signature, body)))
  if (!checks.includes(true)) throw new WebhookError('signature-invalid', 'The signature is not of any of the keys')

  const transaction = readTransaction(parse(new TextDecoder().decode(body)))
  if (!transaction) throw new WebhookError('body-invalid', 'There is no transaction in the body')
  return markVerified(transaction)
}

async function importKey(key: string): Promise<CryptoKey> {
  const der = publicKeyDer(key)
  try {
    if (der) return await crypto.subtle.importKey('spki', der, ALGORITHM, false, ['verify'])
  } catch {}
  throw new WebhookError('config', 'publicKey must be an RSA key, as base64 or PEM')
}

/** Whether the texts are equal, in a time that tells nothing of where they differ. */
async function sameText(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map(
      async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
    ),
  )
  return a?.reduce((difference, byte, index) => difference | (byte ^ (b?.[index] ?? 0)), 0) === 0
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
