/** Not a part of the shop: what the gateway behind it is to do, and what it saw. */

import type { PaymentState } from '@async-transaction/react'
import { useEffect, useState } from 'react'
import type { Card } from '../../../card-input/card-input.ts'
import { chooseScenario, type GatewayView, loadGateway, type Order } from './shop-api.ts'
import { Timeline } from './timeline.tsx'
import type { Screen } from './use-payment.ts'

interface SandboxPanelProps {
  readonly order: Order
  readonly state: PaymentState
  readonly screen: Screen
  readonly onCard: (card: Card) => void
}

interface Scenario {
  readonly name: string
  readonly title: string
  readonly details: string
  readonly number: string
  /** What the sandbox does; what the card itself does needs nothing. */
  readonly fault?: string
}

const CARD = '4200 0000 0000 0000'

const scenarios: readonly Scenario[] = [
  { name: 'pay', title: 'It works', details: 'A few questions, then paid', number: CARD },
  { name: 'decline', title: 'Decline', details: 'The bank says no', number: '4005 5500 0000 0019' },
  { name: '3ds', title: '3-D Secure', details: 'The bank asks the customer', number: '4012 0000 0000 1097' },
  { name: 'slow', title: 'Slow', details: 'Processing for 20 seconds', number: CARD, fault: 'slow' },
  { name: 'drop', title: 'Drop the POST', details: 'Charged, the answer is lost', number: CARD, fault: 'drop' },
  { name: 'error', title: 'Error, once', details: 'Charged, told as an error', number: CARD, fault: 'error' },
  { name: 'expire', title: 'Expire', details: 'Charged, forgotten, books late', number: CARD, fault: 'expire' },
]

export function SandboxPanel({ order, state, screen, onCard }: SandboxPanelProps) {
  const [chosen, setChosen] = useState('')
  const view = useGateway(order.id)
  const choose = ({ name, number, fault = 'plain' }: Scenario): void => {
    setChosen(name)
    onCard({ number, expiry: '05 / 35', cvc: '123', holder: 'JANE ROE' })
    void chooseScenario(order.id, fault)
  }
  return (
    <aside className="sandbox" aria-labelledby="sandbox-title">
      <h2 id="sandbox-title">Sandbox</h2>
      <p className="soft">No bank is involved, and no money moves. What shall happen to the payment?</p>
      <fieldset disabled={screen !== 'form'}>
        <legend className="unseen">What the sandbox does</legend>
        {scenarios.map((scenario) => (
          <label key={scenario.name} className="choice">
            <input
              type="radio"
              name="scenario"
              value={scenario.name}
              checked={chosen === scenario.name}
              onChange={() => choose(scenario)}
            />
            <span>
              {scenario.title}
              <small>{scenario.details}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <Timeline state={state} screen={screen} />
      <h3>At the gateway</h3>
      <dl className="facts">
        <Fact name="Charges" value={view?.charges} strong />
        <Fact name="POSTs received" value={view?.posts} />
        <Fact name="under RequestIDs" value={view?.requestIds} />
        <Fact name="Questions asked" value={view?.reads} />
        <Fact name="Transactions" value={view && (view.transactions.join(', ') || 'none')} />
      </dl>
      <a className="button" href="/">
        New order
      </a>
    </aside>
  )
}

function Fact({ name, value, strong }: { name: string; value: number | string | undefined; strong?: boolean }) {
  return (
    <div className={strong ? 'strong' : undefined}>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  )
}

/** Looked at once a second, while somebody looks at the page. */
function useGateway(order: string): GatewayView | undefined {
  const [view, setView] = useState<GatewayView>()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const leaving = new AbortController()
    const look = async (): Promise<void> => {
      clearTimeout(timer)
      const seen = await loadGateway(order).catch(() => undefined)
      if (leaving.signal.aborted) return
      if (seen) setView((before) => (JSON.stringify(before) === JSON.stringify(seen) ? before : seen))
      if (!document.hidden) timer = setTimeout(look, 1000)
    }
    void look()
    document.addEventListener('visibilitychange', look, leaving)
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [order])
  return view
}
