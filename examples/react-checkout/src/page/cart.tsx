import { formatMoney } from './money.ts'
import type { Order } from './shop-api.ts'

export function Cart({ order: { lines, amount, currency } }: { order: Order }) {
  return (
    <section className="cart" aria-labelledby="cart-title">
      <h2 id="cart-title">Your order</h2>
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
    </section>
  )
}
