/** `npm start`: a sandbox gateway on a free port, and payments that go well, badly and wrong. Ends with 0 if all is as told. */
import process from 'node:process'
import {
  basicAuth,
  createClient,
  type Outcome,
  sqrtSchedule,
  type TaskState,
  type TransactionTask,
} from '@async-transaction/core'
import { createSandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { scenes } from './scenes.ts'
import { createTerminal } from './terminal.ts'

const terminal = createTerminal()
const credentials = { shopId: '361', secretKey: 'sandbox' }
const sandbox = createSandbox({ credentials, latencyMs: 1800 })
const server = await serveSandbox(sandbox)
const client = createClient({
  baseUrl: server.url,
  auth: basicAuth(credentials),
  schedule: sqrtSchedule({ firstMs: 800, gapMs: 500 }),
})

let failures = 0
const check = (fact: boolean, text: string): void => {
  if (fact) terminal.good(text)
  else terminal.bad(text)
  if (!fact) failures += 1
}

terminal.line(`A sandbox gateway listens on ${server.url}. Every payment below goes over a real socket.`)
for (const [index, { title, card, play }] of scenes.entries()) {
  terminal.line()
  terminal.heading(`${index + 1}. ${title}`)
  const number = index + 1
  await play(
    { client, sandbox, show, check, say: (text) => terminal.line(`   ${text}`) },
    {
      // The gateway refuses the same amount on the same card within 30 seconds.
      amount: 3245 + number,
      currency: 'KZT',
      description: `Tour ${number}`,
      tracking_id: `tour-${number}`,
      credit_card: { number: card, verification_value: '123', holder: 'JANE ROE', exp_month: '05', exp_year: '2030' },
    },
  )
}

sandbox.close()
await server.close()
terminal.line()
terminal.line(
  failures === 0 ? 'Every outcome is known, and nobody was charged twice.' : `${failures} facts do not hold.`,
)
terminal.line('The same in a checkout page: npm start -- --page')
process.exitCode = failures === 0 ? 0 : 1

async function show(task: TransactionTask, observer?: string): Promise<Outcome> {
  const startedAt = Date.now()
  const elapsed = (): string => `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(4)} s`
  const print = (status: string, details: string): void =>
    terminal.line(`   ${elapsed()}  ${observer ? `${observer}: ` : ''}${status.padEnd(10)}  ${details}`.trimEnd())
  const progress = terminal.waiting(() => `${elapsed()}  ${task.getSnapshot().status} …`)
  task.subscribe({
    next: (state) => print(state.status, describe(state)),
    error: (error) => print('error', `${(error as Error).message} (${(error as { code: string }).code})`),
  })
  const outcome = await task.outcome()
  progress.done()
  return outcome
}

function describe(state: TaskState): string {
  switch (state.status) {
    case 'processing':
      return `polls: ${state.polls}, the next in ${(state.nextPollMs / 1000).toFixed(1)} s`
    case 'completed':
      return ''
    case 'result':
      return `${state.transaction?.status}${state.transaction?.message ? `: ${state.transaction.message}` : ''}`
    case 'unknown':
      return state.cause
  }
}
