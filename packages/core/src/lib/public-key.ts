/** The text of an RSA public key, in the forms in which shops keep one: files, environment variables, secret stores. */
import { bytesOf } from './base64.ts'

/** Left over from copying and escaping: white space, quotes, and backslashes with or without their letter. */
const NOISE = /\\[nr]?|["'\s]/g
/** Matches a PEM without its white space. */
const PEM = /^-----BEGIN(RSA)?PUBLICKEY-----(.*)-----END\1PUBLICKEY-----$/

const SEQUENCE = 0x30
const INTEGER = 0x02
const BIT_STRING = 0x03
/** The object identifier `rsaEncryption` with its parameters, NULL: RFC 8017 appendix A.1. */
export const RSA_ENCRYPTION: readonly number[] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0]

/**
 * The DER of a public key's SPKI. Reads bare base64 and PEM, on one line or several, with CRLF or a literal `\n`, in
 * quotes, and any of these in base64 once more. A PKCS#1 key (`BEGIN RSA PUBLIC KEY`) is wrapped into SPKI.
 *
 * Returns `undefined` for a text that holds no DER. Importing the key decides whether the DER is a key.
 */
export function publicKeyDer(text: unknown): Uint8Array<ArrayBuffer> | undefined {
  const der = typeof text === 'string' ? decode(text) : undefined
  return der && isPkcs1(der) ? spkiOf(der) : der
}

function decode(text: string, isNested = false): Uint8Array<ArrayBuffer> | undefined {
  const bare = text.replace(NOISE, '')
  const bytes = bytesOf(PEM.exec(bare)?.[2] ?? bare)
  if (!bytes || bytes[0] === SEQUENCE) return bytes
  return isNested ? undefined : decode(new TextDecoder().decode(bytes), true)
}

/** Whether a key of 2048 bits or more begins with a number, as PKCS#1 does; SPKI begins with the algorithm. */
const isPkcs1 = (der: Uint8Array): boolean => der[1] === 0x82 && der[4] === INTEGER

function spkiOf(pkcs1: Uint8Array): Uint8Array<ArrayBuffer> {
  const algorithm = [SEQUENCE, RSA_ENCRYPTION.length, ...RSA_ENCRYPTION]
  return Uint8Array.from(value(SEQUENCE, [...algorithm, ...value(BIT_STRING, [0, ...pkcs1])]))
}

/** A DER value of 256 to 65,535 bytes. */
const value = (tag: number, content: readonly number[]): readonly number[] => [
  tag,
  0x82,
  content.length >> 8,
  content.length & 0xff,
  ...content,
]
