/** A simulated browser before its first tab, a payment in it, and the reads that the gateway got. */
import type { TaskHandle, TransactionTask } from '@async-transaction/core'
import { createSimulatedClock } from '@async-transaction/core/testing'
import { createSandbox, type SandboxOptions } from '@async-transaction/sandbox'
import { credentials, order } from '../conformance/checkout.ts'
import { FakeBrowser, type Tab } from './fake-browser.ts'

export const setUp = (gateway: SandboxOptions = {}): FakeBrowser => {
  const clock = createSimulatedClock()
  return new FakeBrowser(clock, createSandbox({ clock, credentials, latencyMs: 5000, seed: 1, ...gateway }))
}

/** A payment that was taken, and its handle. */
export async function pay(
  { clock }: FakeBrowser,
  tab: Tab,
  fields = {},
): Promise<{ task: TransactionTask; handle: TaskHandle }> {
  const task = tab.client.submit('payments', order(fields))
  return { task, handle: await clock.until(task.accepted()) }
}

export const reads = ({ sandbox }: FakeBrowser) =>
  sandbox.requests().filter(({ operation }) => operation === 'status' || operation === 'result')
export const statusesOf = (browser: FakeBrowser) => reads(browser).map(({ status }) => status)
