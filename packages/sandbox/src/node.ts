/** The sandbox over real sockets, for Node. */
export { type SandboxServer, type ServeOptions, serveSandbox } from './node/serve-sandbox.ts'
