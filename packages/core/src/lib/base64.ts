/** Base64 for bytes, over the runtime's `atob` and `btoa`. */

/** The bytes of base64 text, ignoring white space; `undefined` if the text is not base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64.replace(/\s/g, '')), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

export const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
