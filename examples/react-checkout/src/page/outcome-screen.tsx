/** Shown instead of the form: the payment is under way, or how it ended and what to do now. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { formatMoney } from './money.ts'
import { ProgressBar } from './progress-bar.tsx'
import type { Order } from './shop-api.ts'
import type { Payment, Screen } from './use-payment.ts'

interface OutcomeScreenProps {
  readonly payment: Payment
  readonly order: Order
  /** The card is needed no more: a form that is hidden must not keep it for whoever comes to this computer next. */
  readonly onDone: () => void
}

const signs: Readonly<Record<Exclude<Screen, 'form'>, string>> = {
  loading: '',
  offline: '…',
  working: '',
  paid: '✓',
  declined: '✕',
  challenge: '→',
  unknown: '?',
  refused: '!',
}

const FORGETS_CARD: ReadonlySet<Screen> = new Set(['paid', 'declined', 'challenge', 'unknown'])

export function OutcomeScreen({ payment, order, onDone }: OutcomeScreenProps) {
  const { screen } = payment
  const heading = useRef<HTMLHeadingElement>(null)
  const first = useRef(screen)
  useEffect(() => {
    // Who was in the form, which has just gone, is taken to what came instead. A page that has just been opened is left alone.
    if (screen !== 'loading' && first.current !== 'loading') heading.current?.focus()
    else first.current = screen
  }, [screen])
  useEffect(() => {
    if (FORGETS_CARD.has(screen)) onDone()
  }, [screen, onDone])

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
      case 'offline':
        return titled(
          'You are offline',
          <>
            <p>Nothing was sent, and nothing was charged.</p>
            <p className="soft">We go on by ourselves as soon as you are back online.</p>
            <button type="button" className="button" onClick={edit}>
              Back to the card
            </button>
          </>,
        )
      case 'working':
        return titled(
          'Paying …',
          <>
            <ProgressBar state={payment.state} />
            <p role="status">
              {isSlow(payment)
                ? 'This takes longer than usual. You need not do anything.'
                : 'This takes a few seconds.'}
            </p>
            <p className="soft">You are charged once, even if you reload or close this page.</p>
          </>,
        )
      case 'paid':
        return titled(
          'Paid. Thank you!',
          <>
            <p>We are preparing your order.</p>
            <Facts
              facts={[
                ['Amount', amount],
                ['Card', cardOf(transaction)],
                ['Order', order.id],
              ]}
            />
            <p className="actions">
              <a className="button" href="/">
                Back to the shop
              </a>
              {transaction?.receipt_url && (
                <a className="button" href={transaction.receipt_url}>
                  Receipt
                </a>
              )}
            </p>
          </>,
        )
      case 'declined':
        return titled(
          'Your card was declined',
          <>
            <p>{message ?? 'Your bank did not say why.'}</p>
            <p className="soft">Nothing was charged.</p>
            <Facts
              facts={[
                ['Amount', amount],
                ['Card', cardOf(transaction)],
                ['Order', order.id],
              ]}
            />
            <button type="button" className="button main" onClick={edit}>
              Use another card
            </button>
          </>,
        )
      case 'challenge':
        return titled(
          'Confirm with your bank',
          <>
            <p>Your bank wants to be sure that it is you who pays {amount} (3-D Secure).</p>
            <p className="soft">Nothing is charged until you confirm. You come back here afterwards.</p>
            <a className="button main" href={transaction?.redirect_url ?? ''}>
              Go to your bank
            </a>
            <p className="soft">Back already? This page shows how it went as soon as your bank says so.</p>
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

/** Payments rarely take longer, in milliseconds. */
const SLOW_MS = 10_000

const isSlow = ({ state }: Payment): boolean => state.status === 'processing' && state.elapsedMs > SLOW_MS

const cardOf = (transaction: Payment['transaction']): string | undefined => {
  const { brand, last_4: last } = transaction?.credit_card ?? {}
  return last ? `${brand ? `${brand[0]?.toUpperCase()}${brand.slice(1)} ` : ''}•••• ${last}` : undefined
}

function Facts({ facts }: { facts: readonly (readonly [string, string | undefined])[] }) {
  return (
    <dl className="recap">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
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
        {asked === 'asking' && 'Checking …'}
        {asked === 'no-news' && 'Nothing is known yet.'}
      </p>
    </>
  )
}
