/** Modules that are evaluated anew at each call: see `bundle.ts`. */
declare module 'fresh:@async-transaction/core' {
  const make: () => typeof import('@async-transaction/core')
  export default make
}
declare module 'fresh:rxjs' {
  const make: () => typeof import('rxjs')
  export default make
}
/** It has no types of its own: what it exports is what it stands in for. */
declare module 'whatwg-fetch' {
  export const { fetch, Headers, Request, Response }: typeof globalThis
}
