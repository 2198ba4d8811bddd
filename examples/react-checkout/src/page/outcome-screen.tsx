/** What is shown instead of the form: the payment is under way, or how it ended and what to do now. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { formatMoney } from './money.ts'
import type { Order } from './shop-api.ts'
import type { Payment, Screen } from './use-payment.ts'

interface OutcomeScreenProps {
  readonly payment: Payment
  readonly order: Order
  readonly onPaid: () => void
}

const signs: Readonly<Record<Exclude<Screen, 'form'>, string>> = {
  loading: '',
  working: '',
  paid: '✓',
  declined: '✕',
  challenge: '→',
  unknown: '?',
  refused: '!',
}

export function OutcomeScreen({ payment, order, onPaid }: OutcomeScreenProps) {
  const { screen } = payment
  const heading = useRef<HTMLHeadingElement>(null)
  const first = useRef(screen)
  useEffect(() => {
    // Who was in the form, which has just gone, is taken to what came instead. A page that has just been opened is left alone.
    if (screen !== 'loading' && first.current !== 'loading') heading.current?.focus()
    else first.current = screen
  }, [screen])
  useEffect(() => {
    if (screen === 'paid') onPaid()
  }, [screen, onPaid])

  if (screen === 'form') return null
  return (
    <div className={`screen outcome ${screen}`} data-screen={screen}>
      <span className="sign" aria-hidden="true">
        {signs[screen]}
      </span>
      {contents()}
    </div>
  )

  function titled(title: string, children: ReactNode): ReactNode {
    return (
      <>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {children}
      </>
    )
  }

  function contents(): ReactNode {
    const amount = formatMoney(order.amount, order.currency)
    const { transaction, message, edit } = payment
    switch (screen) {
      case 'loading':
        return titled('One moment', <p>Looking for your payment …</p>)
      case 'working':
        return titled(
          'Paying …',
          <>
            <p>Your card is charged once, whatever happens to this page.</p>
            <p className="soft">You can reload it, close it, or come back later: it will know.</p>
          </>,
        )
      case 'paid':
        return titled(
          'Paid. Thank you!',
          <>
            <p>
              {amount} from your card
              {transaction?.credit_card?.last_4 ? ` ending in ${transaction.credit_card.last_4}` : ''}.
            </p>
            <p className="soft">Your order is on its way tomorrow.</p>
            {transaction?.receipt_url && (
              <a className="button" href={transaction.receipt_url}>
                Receipt
              </a>
            )}
          </>,
        )
      case 'declined':
        return titled(
          'Your card was declined',
          <>
            <p>{message ?? 'Your bank did not say why.'}</p>
            <p className="soft">Nothing was charged. You can try again, or use another card.</p>
            <button type="button" className="button main" onClick={edit}>
              Try again
            </button>
          </>,
        )
      case 'challenge':
        return titled(
          'Your bank has a question',
          <>
            <p>It wants to be sure that it is you who pays {amount}.</p>
            <p className="soft">Nothing is charged until you confirm. You come back here afterwards.</p>
            <a className="button main" href={transaction?.redirect_url ?? ''}>
              Confirm at your bank
            </a>
          </>,
        )
      case 'refused':
        return titled(
          'The payment was not accepted',
          <>
            <p>{message}</p>
            <p className="soft">Nothing was charged.</p>
            <button type="button" className="button main" onClick={edit}>
              Back to the card
            </button>
          </>,
        )
      default:
        return titled('We don’t know yet', <Doubt payment={payment} order={order} />)
    }
  }
}

/** Nobody can tell whether it is paid. The one wrong thing to do is to pay again. */
function Doubt({ payment, order }: { payment: Payment; order: Order }) {
  const [asked, setAsked] = useState<'asking' | 'no-news'>()
  const ask = async (): Promise<void> => {
    setAsked('asking')
    const known = await payment.check().catch(() => false)
    setAsked(known ? undefined : 'no-news')
  }
  return (
    <>
      <p>We lost sight of your payment. You may have been charged.</p>
      <ol className="advice">
        <li>Please do not pay again.</li>
        <li>Check again in a minute. You can close this page meanwhile.</li>
        <li>
          Still here? Write to help@steppe.example and name <strong>{order.description}</strong>.
        </li>
      </ol>
      <button type="button" className="button main" onClick={ask} aria-disabled={asked === 'asking'}>
        Check again
      </button>
      <p className="soft news" role="status">
        {asked === 'asking' && 'Asking the gateway …'}
        {asked === 'no-news' && 'The gateway does not know yet.'}
      </p>
    </>
  )
}
