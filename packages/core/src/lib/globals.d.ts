/**
 * The web-standard globals core uses, as every supported runtime has them (WinterTC's Minimum Common API).
 * Core is compiled against these alone: neither DOM nor Node types can leak into its declarations.
 */
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
declare class TextDecoder {
  decode(input?: Uint8Array, options?: { stream?: boolean }): string
}
declare class TextEncoder {
  encode(input: string): Uint8Array
}
declare class Request {
  constructor(input: string, init?: object)
}
declare class WeakRef<T extends object> {
  constructor(target: T)
  deref(): T | undefined
}
interface CryptoKey {
  readonly type: string
}
declare const crypto: {
  randomUUID?(): string
  getRandomValues(array: Uint8Array): Uint8Array
  readonly subtle: {
    digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>
    importKey(
      format: 'spki',
      data: Uint8Array,
      algorithm: object,
      extractable: boolean,
      usages: readonly string[],
    ): Promise<CryptoKey>
    verify(algorithm: object, key: CryptoKey, signature: Uint8Array, data: Uint8Array): Promise<boolean>
  }
}
declare function fetch(input: unknown, init?: unknown): Promise<never>
declare function btoa(binary: string): string
declare function atob(base64: string): string
declare function queueMicrotask(callback: () => void): void
declare function setTimeout(callback: () => void, delayMs: number): unknown
declare function clearTimeout(timer: unknown): void
