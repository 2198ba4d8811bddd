import { type ChangeEvent, type SubmitEvent, useEffect, useId, useRef, useState } from 'react'
import {
  brandOf,
  type Card,
  complaintsAbout,
  cursorAfter,
  cvcLength,
  formatExpiry,
  groupNumber,
} from '../../../card-input/card-input.ts'
import { formatMoney } from './money.ts'
import type { Order } from './shop-api.ts'

interface CardFormProps {
  readonly card: Card
  readonly onChange: (card: Card) => void
  readonly order: Order
  readonly onPay: () => void
  /** How often the customer came back to the form. */
  readonly edits: number
}

export function CardForm({ card, onChange, order, onPay, edits }: CardFormProps) {
  const [left, setLeft] = useState<readonly (keyof Card)[]>([])
  const form = useRef<HTMLFormElement>(null)
  const complaints = complaintsAbout(card, new Date())
  useEffect(() => {
    if (!edits) return
    setLeft([])
    form.current?.querySelector<HTMLInputElement>('[name=number]')?.focus()
  }, [edits])

  /** A complaint about a field that is still being filled in helps nobody: it is shown once the field is left. */
  const field = (name: keyof Card) => ({
    name,
    value: card[name],
    complaint: left.includes(name) ? complaints[name] : undefined,
    onLeave: () => card[name] && setLeft((before) => [...before, name]),
  })
  const change = (name: keyof Card, format: (typed: string) => string) => (event: ChangeEvent<HTMLInputElement>) => {
    const { value, selectionStart } = event.target
    const formatted = format(value)
    onChange({ ...card, [name]: formatted })
    // Typing in the middle of a grouped number must not throw the cursor to its end.
    if (selectionStart === null || selectionStart === value.length) return
    const place = cursorAfter(formatted, value, selectionStart)
    const { target } = event
    requestAnimationFrame(() => target.setSelectionRange(place, place))
  }

  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const [wrong] = Object.keys(complaints)
    setLeft(['number', 'expiry', 'cvc', 'holder'])
    if (wrong) form.current?.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.focus()
    else onPay()
  }

  return (
    <form ref={form} className="card-form" aria-labelledby="card-title" noValidate onSubmit={send}>
      <h2 id="card-title">Pay by card</h2>
      <Field
        {...field('number')}
        label="Card number"
        hint={brandOf(card.number)}
        autoComplete="cc-number"
        inputMode="numeric"
        placeholder="1234 1234 1234 1234"
        onChange={change('number', groupNumber)}
      />
      <div className="pair">
        <Field
          {...field('expiry')}
          label="Expires"
          autoComplete="cc-exp"
          inputMode="numeric"
          placeholder="MM / YY"
          onChange={change('expiry', (typed) => formatExpiry(typed, card.expiry))}
        />
        <Field
          {...field('cvc')}
          label="Security code"
          autoComplete="cc-csc"
          inputMode="numeric"
          placeholder={'1234'.slice(0, cvcLength(card.number))}
          onChange={change('cvc', (typed) => typed.replace(/\D/g, '').slice(0, cvcLength(card.number)))}
        />
      </div>
      <Field
        {...field('holder')}
        label="Name on card"
        autoComplete="cc-name"
        inputMode="text"
        placeholder="JANE ROE"
        onChange={change('holder', (typed) => typed.slice(0, 60))}
      />
      <button type="submit" className="button main">
        <Lock />
        Pay {formatMoney(order.amount, order.currency)}
      </button>
      <p className="soft secure">Your card is encrypted in this page: the shop does not see it.</p>
    </form>
  )
}

const Lock = () => (
  <svg className="lock" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M4 7V5a4 4 0 1 1 8 0v2h1v8H3V7h1Zm2 0h4V5a2 2 0 1 0-4 0v2Z" />
  </svg>
)

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly hint?: string
  readonly complaint: string | undefined
  readonly autoComplete: string
  readonly inputMode: 'numeric' | 'text'
  readonly placeholder: string
  readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void
  readonly onLeave: () => void
}

function Field({ label, hint, complaint, onLeave, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {/* Read with the field it is about. */}
      <span id={`${id}-hint`} className="hint">
        {hint}
      </span>
      <input
        {...input}
        id={id}
        type="text"
        autoCorrect="off"
        spellCheck={false}
        aria-invalid={complaint ? true : undefined}
        aria-describedby={`${id}-hint ${id}-complaint`}
        onBlur={onLeave}
      />
      <p id={`${id}-complaint`} className="complaint">
        {complaint}
      </p>
    </div>
  )
}
