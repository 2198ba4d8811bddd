/** Modules that are evaluated anew at each call: see `bundle.ts`. */
declare module 'fresh:@async-transaction/core' {
  const make: () => typeof import('@async-transaction/core')
  export default make
}
declare module 'fresh:rxjs' {
  const make: () => typeof import('rxjs')
  export default make
}
