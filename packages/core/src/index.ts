/** Submit a payment to an asynchronous gateway, and observe it until its outcome is known. */
export { createClient } from './client/create-client.ts'
export * from './names.ts'
