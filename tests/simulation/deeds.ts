/** What an application does, and what happens to it, by the name of the action. */
import type { Transaction } from '@async-transaction/core'
import { type Application, type Side, snapshotOfPlain } from './application.ts'
import type { GatewayModel, Listed } from './gateway-model.ts'
import type { Action } from './plan.ts'

const VERIFIED = Symbol.for('async-transaction.verified')

export function createDeeds(app: Application, gateway: GatewayModel): (action: Action) => void {
  const { world } = app

  const deeds: Record<Exclude<Action['kind'], 'crash'>, (side: Side, amount: number) => unknown> = {
    observe: (side) => app.observe(side),
    'observe-throwing': (side) => app.observe(side, 'throws'),
    'observe-and-leave': (side) => app.observe(side, 'leaves'),
    'observe-for-a-time': (side, amount) => app.observe(side, 'stays', signalAfter(amount)),
    leave: (side) => side.leave.shift()?.(),
    'await-outcome': (side, amount) => {
      app.deed(side, 'observe')
      const signal = amount % 2 ? signalAfter(amount) : undefined
      side.task?.outcome(signal ? { signal } : {}).then(
        (outcome) => app.settle(side, outcome),
        () => {},
      )
    },
    'await-result': (side) => {
      app.deed(side, 'observe')
      side.task?.result().then(
        () => {},
        () => {},
      )
    },
    iterate: (side) => iterate(side, false),
    'iterate-and-break': (side) => iterate(side, true),
    poll: (side) => {
      app.deed(side, 'poll')
      return side.task?.poll()
    },
    lookup: (side) => {
      app.deed(side, 'lookup')
      return side.task?.lookup()
    },
    check: (side) => {
      if (!app.handle) return
      app.deed(side, 'check')
      side.revivedAt = world.now
      void side.process.client.check(app.handle).then(({ state }) => app.settle(side, snapshotOfPlain(state)))
    },
    stop: ({ task }) => task?.stop(),
    'stop-all': (side) => {
      for (const task of side.tasks) task.stop()
      if (side.tasks.size) app.rules.stopped(side.process.name)
    },
    resume: (side) => {
      if (!app.handle) return
      app.hold(side, app.resume(side, app.handle))
      app.observe(side)
    },
    recover: (side) => app.recover(side, () => {}),
    'submit-again': (side) => {
      if (!app.mayStillSubmit()) return
      app.submit(side)
      app.observe(side)
    },
    'submit-for-a-time': (side, amount) => {
      if (!app.mayStillSubmit()) return
      app.submit(side, signalAfter(amount % 20_000))
      app.observe(side)
    },
    'other-machine': () => {
      if (!app.mayStillSubmit()) return
      // To one that submits later, our first try is older than its own.
      if (app.plan.truth.laterTry) world.note('later-try-elsewhere')
      const other = app.start(`other-${app.sides.length}`, undefined, app.machine(`other-${app.sides.length}`))
      app.submit(other)
      app.observe(other)
    },
    'second-process': () => {
      const second = app.start(`second-${app.sides.length}`)
      if (!app.handle) return app.recover(second, () => {})
      app.hold(second, app.resume(second, app.handle))
      app.observe(second)
    },
    webhook: (side, amount) => world.after(amount % 5000, () => notify(side, 'as it is')),
    'late-webhook': (side, amount) => world.after(amount, () => notify(side, amount % 2 ? 'as it is' : 'overtaken')),
    'correction-webhook': (side, amount) =>
      world.after((gateway.changesInMs ?? 0) + amount, () => notify(side, 'as it is')),
    'clock-jump': ({ process }, amount) => process.jump(amount % 2 ? amount * 40 : -amount * 40),
    sleep: ({ process }, amount) => process.sleep(amount * 4),
    'storage-full': () => app.storage.fill(),
    'storage-wiped': () => app.storage.wipe(),
  }

  const signalAfter = (ms: number): AbortSignal => {
    const controller = new AbortController()
    world.after(ms, () => controller.abort())
    return controller.signal
  }

  async function iterate(side: Side, breaks: boolean): Promise<void> {
    const { task } = side
    if (!task) return
    app.deed(side, 'observe')
    const seen: Parameters<Application['saw']>[2] = []
    try {
      for await (const state of task) {
        app.saw(side, state, seen)
        if (breaks) break
      }
    } catch {
      app.settle(side, task.getSnapshot())
    }
  }

  /** A webhook that the application has verified; one that was overtaken says what is no longer so. */
  const notify = (side: Side, how: 'as it is' | 'overtaken'): void => {
    const task = gateway.tasks[0]
    const transaction = task && gateway.transactionOf(task)
    if (!transaction || !side.process.alive || !side.task || app.over) return
    const before = side.task.getSnapshot()
    const settled = before.status === 'result'
    const { manually_corrected_at, ...uncorrected } = transaction
    const paid = settled && before.transaction?.status === 'successful'
    if (how === 'overtaken' && !paid) return
    const brought = how === 'overtaken' ? { ...uncorrected, status: 'failed' } : transaction
    const news = settled && isNews(before.transaction, brought)
    world.strike(how === 'overtaken' ? 'late-failed-webhook' : settled && !news ? 'repeated-webhook' : 'webhook')
    const verified = Object.defineProperty(structuredClone(brought), VERIFIED, { value: true })
    const took = side.task.deliver(verified as never)
    world.trace(() => `${side.process.name} is notified ${how} of ${brought.status}: ${took ? 'taken' : 'not taken'}`)
    if (!settled) return
    const kept = !took && side.task.getSnapshot() === before
    if (news) world.must('news of a transaction replaces what is shown', took, `${brought.status}`)
    else world.must('what is settled stays settled', kept, 'by a webhook')
  }

  return ({ kind, amount }) => {
    const side = app.main
    if (kind === 'crash') side.process.die('by accident')
    else if (side.process.alive && !app.over) {
      world.trace(() => `${side.process.name} does: ${kind}`)
      if (disturbing.has(kind)) world.strike(kind)
      else world.note(kind)
      deeds[kind](side, amount)
    }
  }
}

/** Deeds that count as faults; the others that are counted, count themselves when they strike. */
const disturbing: ReadonlySet<Action['kind']> = new Set([
  'observe-throwing',
  'observe-and-leave',
  'leave',
  'stop',
  'stop-all',
  'second-process',
  'other-machine',
])

/** By the protocol: a newer correction, or as corrected, a final status after an open one, and paid after not paid. */
function isNews(known: Transaction | undefined, next: Listed): boolean {
  if (!known || known.uid !== next.uid) return false
  const at = ({ manually_corrected_at: time }: { readonly manually_corrected_at?: unknown }): string => `${time ?? ''}`
  const rank = ['incomplete', 'failed', 'successful']
  if (at(known as Listed) !== at(next)) return at(next) > at(known as Listed)
  return rank.indexOf(`${next.status}`) > rank.indexOf(`${known.status}`)
}
