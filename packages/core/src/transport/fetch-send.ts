import type { Send } from './send.ts'

/** By `fetch` alone. */
export const fetchSend: Send = (url, init, fetch) => fetch(new Request(url, init))
