/** The Observable of the platform, as rxjs 9 brings it where there is none: what goes across, and what does not. */
import { from, of } from 'rxjs'
import { expect, it } from 'vitest'
import { createCheckout, order } from '../../../tests/conformance/checkout.ts'

interface PlatformObservable<T> {
  subscribe(observer: { next?(value: T): void; complete?(): void }, options?: { signal: AbortSignal }): void
}
interface Platform {
  readonly from: (value: unknown) => PlatformObservable<{ readonly status: string }>
}

/** By a variable: its types are those of newer platforms. */
const rxjs9 = 'rxjs-9'
await import(rxjs9)
const { Observable } = globalThis as unknown as { Observable: Platform }

it('takes a task as it is, and detaches by its signal', async () => {
  const { client, clock, sandbox } = createCheckout()
  const task = client.submit('payments', order())
  const seen: string[] = []
  Observable.from(task).subscribe({ next: ({ status }) => seen.push(status), complete: () => seen.push('complete') })
  await clock.until(task.outcome())
  await clock.advance(0)
  expect([...new Set(seen)]).toEqual(['processing', 'completed', 'result', 'complete'])

  const left: string[] = []
  const controller = new AbortController()
  Observable.from(client.submit('payments', order())).subscribe(
    { next: ({ status }) => left.push(status) },
    { signal: controller.signal },
  )
  await clock.advance(100)
  controller.abort()
  await clock.advance(60_000)
  expect(left).toEqual(['processing'])
  expect([sandbox.charges(), clock.pending]).toEqual([2, 0])
})

it('has no operators that are functions, so that those of this package are for rxjs 7 and 8', async () => {
  await expect(import(`${rxjs9}/operators`)).rejects.toThrow('not exported')
  expect('pipe' in Observable.from([])).toBe(false)
  expect(() => Observable.from(of(1))).toThrow(TypeError)
  expect(() => from(Observable.from([]) as never)).toThrow(TypeError)
})
