/** For the developer: the states of the payment's task, as they come. */
import type { PaymentState } from '@async-transaction/react'
import type { Screen } from './use-payment.ts'

interface TimelineProps {
  readonly state: PaymentState
  readonly screen: Screen
}

type Progress = 'waiting' | 'current' | 'done' | 'good' | 'bad' | 'open'

interface Step {
  readonly title: string
  readonly details: string
  readonly progress: Progress
}

const ends: Partial<Record<Screen, Pick<Step, 'progress' | 'details'>>> = {
  paid: { progress: 'good', details: 'Paid' },
  declined: { progress: 'bad', details: 'Declined' },
  refused: { progress: 'bad', details: 'Refused' },
  challenge: { progress: 'open', details: 'Bank asks' },
  unknown: { progress: 'open', details: 'Unknown' },
}

export function Timeline({ state, screen }: TimelineProps) {
  const steps = stepsOf(state, screen)
  return (
    <section className="timeline" aria-labelledby="timeline-title">
      <h3 id="timeline-title">The task</h3>
      <ol>
        {steps.map(({ title, details, progress }) => (
          <li key={title} className={progress} aria-current={progress === 'current' ? 'step' : undefined}>
            <span className="dot" aria-hidden="true" />
            <span className="step">{title}</span>
            <span className="details">{details}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function stepsOf(state: PaymentState, screen: Screen): Step[] {
  const { status } = state
  // Back at the form, there is nothing under way.
  const idle = screen === 'form' || screen === 'loading' || screen === 'offline'
  const reached = idle ? -1 : screen === 'working' ? (working[status] ?? 0) : screen === 'refused' ? 1 : 3
  const end = idle ? undefined : ends[screen]
  const at = (place: number): Progress =>
    place < reached ? 'done' : place > reached || screen !== 'working' ? 'waiting' : 'current'
  return [
    { title: 'Sent', details: '', progress: at(0) },
    { title: 'Processing', details: status === 'processing' && reached === 1 ? asked(state) : '', progress: at(1) },
    { title: 'Fetching the answer', details: '', progress: at(2) },
    { title: 'Outcome', details: end?.details ?? '', progress: end?.progress ?? 'waiting' },
  ]
}

/** Which step is under way, by the status of the task. */
const working: Partial<Record<PaymentState['status'], number>> = { submitting: 0, processing: 1, completed: 2 }

const asked = ({ polls, elapsedMs }: Extract<PaymentState, { status: 'processing' }>): string =>
  polls === 0 ? 'Accepted' : `${polls} polls, ${Math.round(elapsedMs / 1000)} s`
