/** The page: what is bought, how it is paid, how far that is, and beside it the sandbox. */
import { useState } from 'react'
import { type Card, emptyCard } from '../../../card-input/card-input.ts'
import { CardForm } from './card-form.tsx'
import { Cart } from './cart.tsx'
import { OutcomeScreen } from './outcome-screen.tsx'
import { SandboxPanel } from './sandbox-panel.tsx'
import { type PaymentParts, usePayment } from './use-payment.ts'

export function Checkout({ client, order }: PaymentParts) {
  const payment = usePayment({ client, order })
  const [card, setCard] = useState<Card>(emptyCard)
  const { screen, state } = payment
  const open = screen === 'form'

  return (
    <>
      <header className="top">
        <p className="brand">
          <span aria-hidden="true">◒</span> Steppe Coffee
        </p>
        <a href="/">Back to the shop</a>
      </header>
      <main className="layout">
        <h1 className="unseen">Checkout</h1>
        <section className="sheet" aria-label="Your order and payment">
          <Cart order={order} />
          <div className="pay">
            {/* The form keeps its room while another screen is shown: nothing on the page moves. */}
            <div className="stage">
              <div className={open ? 'screen' : 'screen away'} inert={!open}>
                <CardForm
                  card={card}
                  onChange={setCard}
                  order={order}
                  onPay={() => payment.pay(card)}
                  edits={payment.edits}
                />
              </div>
              {!open && <OutcomeScreen payment={payment} order={order} onDone={() => setCard(emptyCard)} />}
            </div>
          </div>
        </section>
        <SandboxPanel order={order} state={state} screen={screen} onCard={setCard} />
      </main>
    </>
  )
}
