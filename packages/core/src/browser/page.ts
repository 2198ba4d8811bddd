/**
 * What is used of a page's global object. Every part may be missing, and then so is what it is for: in an old browser, in
 * a frame without an origin, on a server that renders the page.
 */
export interface Page {
  readonly document?: (Listenable & { readonly visibilityState?: string }) | undefined
  readonly navigator?:
    | {
        readonly onLine?: boolean
        readonly locks?: Locks
        /** Its `controller` answers for the network. */
        readonly serviceWorker?: { readonly controller?: unknown } | undefined
      }
    | undefined
  readonly BroadcastChannel?: (new (name: string) => Channel) | undefined
  readonly addEventListener?: Listenable['addEventListener'] | undefined
  readonly removeEventListener?: Listenable['removeEventListener'] | undefined
}

interface Listenable {
  addEventListener(type: string, listener: (event: PageEvent) => void): void
  removeEventListener(type: string, listener: (event: PageEvent) => void): void
}

/** `persisted` tells a `pageshow` that brings the page back from the back-forward cache. */
export interface PageEvent {
  readonly persisted?: boolean
}

export interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null
  postMessage(message: object): void
  close(): void
}

/** The Web Locks of an origin. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    hold: () => Promise<unknown>,
  ): Promise<unknown>
}

/** Calls `listener` at the next of these events of the page. Returns what takes it back. */
export function once(page: Page, types: readonly string[], listener: () => void): () => void {
  const forget = (): void => {
    for (const type of types) page.removeEventListener?.(type, heard)
  }
  const heard = (): void => {
    forget()
    listener()
  }
  for (const type of types) page.addEventListener?.(type, heard)
  return forget
}
