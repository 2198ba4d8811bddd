/** Frames of one origin, each a tab with its own client, at a gateway over real sockets. */
import type { PaymentRequest, TransactionTask } from '@async-transaction/core'
import { inject, vi } from 'vitest'
import type { TabApi } from './tab.ts'

const baseUrl = inject('gatewayUrl')

export interface Frame {
  readonly element: HTMLIFrameElement
  readonly window: Window & { readonly tab: TabApi; readonly Event: typeof Event }
  readonly tab: TabApi
}
const frames = new Set<Frame>()

/** `prepare` is a script that runs before the tab's own. */
export async function openTab(prepare = ''): Promise<Frame> {
  const element = document.createElement('iframe')
  const script = new URL('./tab.ts', import.meta.url).href
  element.srcdoc = `<!doctype html><script>${prepare}</script><script type="module" src="${script}"></script>`
  document.body.append(element)
  const window = await vi.waitFor(
    () => {
      const content = element.contentWindow as Frame['window'] | null
      if (!content?.tab) throw new Error('not loaded')
      return content
    },
    { timeout: 20_000, interval: 20 },
  )
  const frame = { element, window, tab: window.tab }
  frames.add(frame)
  return frame
}
/** Gone without a word, like a tab that is closed: the browser frees its locks and ends its requests. */
export function close(frame: Frame): void {
  frames.delete(frame)
  frame.element.remove()
}

/** For `afterEach`. */
export async function closeTabs(): Promise<void> {
  for (const frame of frames) close(frame)
  await fetch(`${baseUrl}/sandbox/faults`, { method: 'DELETE' })
}

export const fault = (body: object): Promise<Response> =>
  fetch(`${baseUrl}/sandbox/faults`, { method: 'POST', body: JSON.stringify(body) })
export async function reads(trackingId: string): Promise<{ status?: number }[]> {
  const { requests } = await (await fetch(`${baseUrl}/sandbox/requests`)).json()
  return requests.filter(
    (request: { trackingId?: string; operation: string }) =>
      request.trackingId === trackingId && ['status', 'result'].includes(request.operation),
  )
}
export async function failures(trackingId: string): Promise<(number | undefined)[]> {
  return (await reads(trackingId)).map(({ status }) => status).filter((status) => status !== 200)
}
export async function charges(trackingId: string): Promise<number> {
  return (await (await fetch(`${baseUrl}/sandbox/charges/${trackingId}`)).json()).charges
}

export function order(): PaymentRequest & { tracking_id: string } {
  return {
    amount: 1000 + Math.floor(Math.random() * 1e6),
    currency: 'KZT',
    description: 'Order',
    tracking_id: crypto.randomUUID(),
    credit_card: { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2030' },
  }
}
export const told = async ({ tab }: Frame, task: TransactionTask): Promise<object> => tab.tell(await task.outcome())

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
