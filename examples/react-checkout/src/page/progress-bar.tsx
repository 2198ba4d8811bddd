/** How far the payment is: by what the schedule has learned of payments like this one, or else by time alone. */
import type { PaymentState } from '@async-transaction/react'
import type { CSSProperties } from 'react'

/** Payments take about so long while nothing is learned, in milliseconds: the bar is in the middle then. */
const USUAL_MS = 4000

export function ProgressBar({ state }: { readonly state: PaymentState }) {
  const { progress, expectedMs } = estimateOf(state)
  // Half of what is left will be done in `expectedMs`: until the gateway says more, the bar runs to there.
  const style = { '--now': progress, '--next': (1 + progress) / 2, '--ms': `${expectedMs}ms` } as CSSProperties
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label="Progress of your payment"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * progress)}
      style={style}
    />
  )
}

function estimateOf(state: PaymentState): { progress: number; expectedMs: number } {
  if (state.status === 'completed') return { progress: 0.95, expectedMs: 500 }
  if (state.status !== 'processing') return { progress: 0.05, expectedMs: USUAL_MS }
  const { elapsedMs, progress = elapsedMs / (elapsedMs + USUAL_MS), expectedMs = USUAL_MS } = state
  return { progress, expectedMs }
}
