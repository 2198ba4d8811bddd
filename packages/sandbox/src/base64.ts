/** Base64 of bytes and of UTF-8 text, with what every runtime has. */

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

export function textToBase64(text: string): string {
  return toBase64(new TextEncoder().encode(text))
}

/** The text, or `undefined` if it is not base64 of UTF-8. */
export function textFromBase64(encoded: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
