/** How far payments like this one are by now, if the schedule has learned it. */
import type { PaymentState } from '@async-transaction/react'
import type { CSSProperties } from 'react'

export function ProgressBar({ state }: { readonly state: PaymentState }) {
  if (state.status !== 'processing' || state.progress === undefined) return null
  const { progress, expectedMs } = state
  // Half of what is left will be done in `expectedMs`: until the gateway says more, the bar runs to there.
  const style = { '--now': progress, '--next': (1 + progress) / 2, '--ms': `${expectedMs}ms` } as CSSProperties
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label="Payments like this one that are done by now"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * progress)}
      style={style}
    />
  )
}
