/** The main entry without ky: the same names, over `fetch` alone. */
export { createClient } from './client/create-lean-client.ts'
export * from './names.ts'
