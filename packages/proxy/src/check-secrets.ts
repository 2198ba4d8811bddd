/** The proxy's secrets: long enough, and made by chance. Whoever knows or guesses one can sign tokens. */
import { TransactionError } from '@async-transaction/core'

const SECRET_BYTES = 32
/** 32 bytes of chance, written in hex, have fewer different ones less than once in ten million times. */
const DIFFERENT_BYTES = 8
/** Texts of examples and of people in a hurry. None of them comes up by chance. */
const KNOWN = /example|change.?me|placeholder|openssl|password|at.?least.?32|0123456789|123456789|abcdefghi|qwertyuio/i
/** The whole of it is one part, again and again. */
const REPEATED = /^(.+?)\1+$/su

/** The secrets as bytes. Throws `config`, which names the rule and never shows the secret. */
export function checkSecrets(secret: unknown): Uint8Array<ArrayBuffer>[] {
  const list = typeof secret === 'string' || secret instanceof Uint8Array ? [secret] : ((secret ?? []) as Secret[])
  const complaint = list.length === 0 ? 'is missing' : list.map(complaintOf).find(Boolean)
  if (complaint) throw config(`secret ${complaint}: make one with "openssl rand -base64 48"`)
  return list.map(bytesOf)
}

type Secret = string | Uint8Array

function complaintOf(secret: Secret): string | undefined {
  const bytes = bytesOf(secret)
  if (bytes.length < SECRET_BYTES) return `must have at least ${SECRET_BYTES} bytes`
  const text = typeof secret === 'string' ? secret : String.fromCharCode(...bytes.subarray(0, 1024))
  if (typeof secret === 'string' && /\s/u.test(text)) return 'must have no white space: that is a sentence, not chance'
  if (KNOWN.test(text)) return 'is a known text, which anybody may try'
  if (new Set(bytes).size < DIFFERENT_BYTES || REPEATED.test(text)) return 'repeats itself, which anybody may try'
  return undefined
}

const bytesOf = (secret: Secret): Uint8Array<ArrayBuffer> =>
  typeof secret === 'string' ? new TextEncoder().encode(secret) : new Uint8Array(secret)

const config = (message: string): TransactionError => new TransactionError({ code: 'config', effect: 'none', message })
