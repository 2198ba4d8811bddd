/** The port to the network: sends one request as it is. It neither retries, nor throws for a status, follows or caches. */

/** Any `fetch`: the platform's, or one that answers in process. */
// biome-ignore lint/suspicious/noExplicitAny: core names no DOM type, and every runtime has its own
export type Fetch = (request: any, init?: any) => PromiseLike<FetchedResponse> | FetchedResponse

/** What is used of a `Response`. */
export interface FetchedResponse {
  readonly status: number
  /** Missing in React Native, where only `url` tells that a redirect was followed. */
  readonly redirected?: boolean
  readonly url?: string
  readonly headers: { get(name: string): string | null }
  readonly body?: { getReader(): unknown } | null
  /** Read where there is no `body`, as in React Native. */
  text?(): Promise<string>
}

export interface SendInit {
  readonly method?: 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly redirect: 'manual'
}

export type Send = (
  url: string,
  init: SendInit,
  fetch: (request: unknown) => PromiseLike<FetchedResponse> | FetchedResponse,
) => PromiseLike<FetchedResponse> | FetchedResponse
