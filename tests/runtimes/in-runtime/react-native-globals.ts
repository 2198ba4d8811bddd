/**
 * The globals of React Native, as far as the library uses any: `fetch` over XMLHttpRequest, whose responses have no stream,
 * and no Web Locks, IndexedDB, BroadcastChannel, `crypto.randomUUID` or `crypto.subtle`. Imported first.
 */
import { fetch, Headers, Request, Response } from 'whatwg-fetch'

const missing = { value: undefined, configurable: true, writable: true }
for (const name of ['indexedDB', 'BroadcastChannel', 'WeakRef']) Object.defineProperty(globalThis, name, missing)
Object.defineProperty(navigator, 'locks', missing)
Object.defineProperty(crypto, 'randomUUID', missing)
Object.assign(globalThis, { fetch, Headers, Request, Response })
