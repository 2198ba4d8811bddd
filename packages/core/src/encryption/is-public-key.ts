import { publicKeyDer } from '../lib/public-key.ts'
import { rsaKeyOf } from './rsa-key.ts'

/** Whether a text is an RSA public key, in any of the forms in which shops keep one. Imports nothing, so it is synchronous. */
export function isPublicKey(text: unknown): boolean {
  const der = publicKeyDer(text)
  return !!der && rsaKeyOf(der) !== undefined
}
