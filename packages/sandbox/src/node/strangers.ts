/**
 * Who is let in over sockets. Any website can have its visitors' browsers send requests to this machine; what a browser
 * says of the page that it sends for, and of the name by which it came, tells these from the developer's own.
 */
import { plainError } from '../gateway-error.ts'
import type { Reply } from '../reply.ts'

/**
 * A name that nobody on the internet can have: an address, one word such as that of a container, or an ending that is
 * never given away. A name of theirs that leads to this machine is an attack on it (DNS rebinding).
 */
const LOCAL_NAME = /^(?:\[[\da-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}|[\w-]+|[\w.-]+\.(?:localhost|local|internal|test))$/i

/** The refusal of a request that a stranger's page had a browser send, if it is one. */
export function refuseStranger(request: Request): Reply | undefined {
  const { hostname, pathname } = new URL(request.url)
  if (!LOCAL_NAME.test(hostname)) return plainError(403, 'The sandbox answers to local names and addresses only')
  const origin = request.headers.get('origin')
  if (origin === null || isLocal(origin)) return undefined
  // The customer's pages send the forms of the shop's own machine; the rest needs a header that a form cannot send.
  return /^\/sandbox(\/|$)/.test(pathname)
    ? plainError(403, 'The sandbox is for pages of this machine only')
    : undefined
}

const isLocal = (origin: string): boolean =>
  /^https?:/.test(origin) && URL.canParse(origin) && LOCAL_NAME.test(new URL(origin).hostname)
