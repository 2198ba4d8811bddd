import { useSyncExternalStore } from 'react'
import { formatMoney } from './money.ts'
import type { Order } from './shop-api.ts'

const wide = matchMedia('(min-width: 44.01rem)')

function onResize(changed: () => void): () => void {
  wide.addEventListener('change', changed)
  return () => wide.removeEventListener('change', changed)
}

/** Folded on a phone, where the button would be below the fold. */
export function Cart({ order: { lines, amount, currency } }: { order: Order }) {
  const isWide = useSyncExternalStore(onResize, () => wide.matches)
  return (
    <details className="cart" open={isWide}>
      <summary>
        <h2>Your order</h2>
        <strong className="money">{formatMoney(amount, currency)}</strong>
      </summary>
      <ul className="lines">
        {lines.map((line) => (
          <li key={line.name}>
            <span className="count" aria-hidden="true">
              {line.count}
            </span>
            <span>
              <span className="unseen">{line.count} × </span>
              {line.name}
              <small>{line.detail}</small>
            </span>
            <span className="money">{formatMoney(line.amount, currency)}</span>
          </li>
        ))}
      </ul>
      <p className="total">
        <span>Total</span>
        <strong className="money">{formatMoney(amount, currency)}</strong>
      </p>
    </details>
  )
}
