/**
 * The conformance suite of the Observable proposal, over a task. What passes and what does not is listed in full, with
 * the reason: a change on either side of the list fails.
 */
// @ts-expect-error it comes without types
import { runTests } from 'es-observable-tests'
import { afterEach, expect, it, vi } from 'vitest'
import { TaskObservable } from '../testing/task-observable.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const suites = [
  'Observable.prototype.subscribe',
  'Observable.prototype[Symbol.observable]',
  'SubscriptionObserver.prototype.next',
  'SubscriptionObserver.prototype.error',
  'SubscriptionObserver.prototype.complete',
  'SubscriptionObserver.prototype.closed',
]

const NO_CONSTRUCTOR = 'a client makes tasks, and a payment, which polls the gateway, feeds them'
const ITS_PRODUCER = 'the producer is the payment, which returns nothing, throws nothing and is cleaned up by itself'
const OPTIONS = 'the second argument holds the options, with the `signal` to leave by'
const TYPES = 'the compiler refuses it'
const CLASS = 'a subscription is an instance of a class, and `closed` a property of its own'
const REPORTED = 'an exception of an observer is reported: it must not hurt the other observers, nor the payment'
const UNHEARD = 'an error without an observer is no crash: the outcome is kept, and late observers are notified of it'
const NO_START = 'rxjs and the platform have no `start` either: leave by the `signal`'
const NO_RETURN = 'the payment has no use for what an observer returns'
const SINK = 'it is a method of the adapter, not of the task'
const NO_VALUE = '`complete` brings no value'

/** Each assertion that fails, by group, and why it is not the task's to meet. */
const gaps: Record<string, Record<string, string>> = {
  'Observable.prototype.subscribe': {
    'Argument type / Throws if observer is not an object': TYPES,
    'Function arguments / Second argument is error callback': OPTIONS,
    'Function arguments / Third argument is complete callback': OPTIONS,
    'Function arguments / Second and third arguments are optional': UNHEARD,
    'Subscriber return types / Non callable, non-subscription objects cannot be returned': ITS_PRODUCER,
    'Subscriber return types / Non-functions cannot be returned': ITS_PRODUCER,
    'Returns a subscription object / Property closed exists on the object': CLASS,
    'Returns a subscription object / Contructor property is Object': CLASS,
    'Cleanup function / If a subscription is returned, then unsubscribe is called on cleanup': ITS_PRODUCER,
    'Cleanup function / Arguments are not forwarded to the unsubscribe function': ITS_PRODUCER,
    'Exceptions thrown from the subscriber / Subscribe does not throw if the observer has an error method':
      ITS_PRODUCER,
    'Exceptions thrown from the subscriber / Subscribe sends an error to the observer': ITS_PRODUCER,
    'Start method / If the observer has a start method, it is called': NO_START,
    'Start method / Start is called with the observer as the this value': NO_START,
    'Start method / Start is called with the subscription as the first argument': NO_START,
    'Start method / Start is called before the subscriber function is called': NO_START,
    'Start method / If unsubscribe is called from start, the subscriber is not called': NO_START,
  },
  'Observable.prototype[Symbol.observable]': {},
  'SubscriptionObserver.prototype.next': {
    'SubscriptionObserver.prototype has an next method / Property next exists on the object': SINK,
    'Return value / Returns the value returned from the observer': NO_RETURN,
    'Method lookup / If property is not a function, then an error is thrown': REPORTED,
    'Method lookup / Method is not accessed until complete is called': NO_RETURN,
    'Cleanup functions / Cleanup function is called when next throws an error': REPORTED,
    'Cleanup functions / If both next and the cleanup function throw, then the error from the next method is thrown':
      REPORTED,
  },
  'SubscriptionObserver.prototype.error': {
    'SubscriptionObserver.prototype has an error method / Property error exists on the object': SINK,
    'Return value / Returns the value returned from the observer': NO_RETURN,
    'Return value / Throws the input when closed': UNHEARD,
    'Method lookup / If property does not exist, then error throws the input': UNHEARD,
    'Method lookup / If property is undefined, then error throws the input': UNHEARD,
    'Method lookup / If property is null, then error throws the input': UNHEARD,
    'Method lookup / If property is not a function, then an error is thrown': REPORTED,
    'Method lookup / Method is not accessed until error is called': NO_RETURN,
    'Cleanup functions / If both error and the cleanup function throw, then the error from the error method is thrown':
      REPORTED,
  },
  'SubscriptionObserver.prototype.complete': {
    'SubscriptionObserver.prototype has a complete method / Property complete exists on the object': SINK,
    'Input value / Input value is forwarded to the observer': NO_VALUE,
    'Return value / Returns the value returned from the observer': NO_RETURN,
    'Method lookup / If property is not a function, then an error is thrown': REPORTED,
    'Method lookup / Method is not accessed until complete is called': NO_RETURN,
    'Cleanup functions / If both complete and the cleanup function throw, then the error from the complete method is thrown':
      REPORTED,
  },
  'SubscriptionObserver.prototype.closed': {
    'SubscriptionObserver.prototype has a closed getter / Property closed exists on the object': SINK,
  },
}

/** Of these suites nothing applies. */
const inapplicable: Record<string, string> = {
  'Observable constructor': NO_CONSTRUCTOR,
  'Observable.of': NO_CONSTRUCTOR,
  'Observable.from': NO_CONSTRUCTOR,
}

/** What passes: how many assertions of each group. */
const passes: Record<string, Record<string, number>> = {
  'Observable.prototype.subscribe': {
    'Observable.prototype has a subscribe property': 6,
    'Argument type': 3,
    'Function arguments': 2,
    'Subscriber arguments': 5,
    'Subscriber return types': 4,
    'Returns a subscription object': 11,
    'Cleanup function': 4,
    'Exceptions thrown from the subscriber': 1,
  },
  'Observable.prototype[Symbol.observable]': {
    'Observable.prototype has a Symbol.observable method': 6,
    'Return value': 1,
  },
  'SubscriptionObserver.prototype.next': { 'Input value': 1, 'Return value': 1, 'Method lookup': 5 },
  'SubscriptionObserver.prototype.error': { 'Input value': 2, 'Method lookup': 3, 'Cleanup functions': 4 },
  'SubscriptionObserver.prototype.complete': {
    'Input value': 1,
    'Return value': 1,
    'Method lookup': 6,
    'Cleanup functions': 4,
  },
  'SubscriptionObserver.prototype.closed': {
    'Returns false when the subscription is active': 1,
    'Returns true when the subscription is closed': 3,
  },
}

/** The suite can only print. */
async function run(): Promise<Record<string, { passed: Record<string, number>; failed: string[] }>> {
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void printed.push(line))
  vi.stubGlobal('reportError', () => {})
  await runTests(TaskObservable)
  log.mockRestore()
  const results: Record<string, { passed: Record<string, number>; failed: string[] }> = {}
  let suite = ''
  let group = ''
  for (const line of printed
    .join('\n')
    .replaceAll(/\p{Cc}\[\d+m/gu, '')
    .split('\n')) {
    const [, indent = '', text = '', verdict] = /^( *)(\S.*?)(?: (OK|FAIL))?$/.exec(line) ?? []
    if (suites.includes(text) || text in inapplicable) suite = text
    else if (text && !verdict && indent.length === 2) group = text
    if (!verdict) continue
    const { passed, failed } = results[suite] ?? { passed: {}, failed: [] }
    results[suite] = { passed, failed }
    if (verdict === 'FAIL') failed.push(`${group} / ${text}`)
    else passed[group] = (passed[group] ?? 0) + 1
  }
  return results
}

it('a task passes what the list does not except, with a reason', async () => {
  const results = await run()
  for (const suite of suites) {
    expect([suite, [...new Set(results[suite]?.failed)].sort()]).toEqual([suite, Object.keys(gaps[suite] ?? {}).sort()])
    expect([suite, results[suite]?.passed]).toEqual([suite, passes[suite]])
  }
})
