/** Forms of a value that the gateway may take or refuse: the documents do not say, so the switches do (protocol section 3). */
import type { Switches } from '../switches.ts'

type Values = Readonly<Record<string, unknown>>

/** The request with every form that the switches take turned into the documented one. */
export function normalized(
  request: Values,
  switches: Pick<Switches, 'numericTrackingIds' | 'lowerCaseCurrencies' | 'amountsAsText'>,
): Values {
  const { tracking_id, currency, amount } = request
  return {
    ...request,
    ...(switches.numericTrackingIds === 'taken' && Number.isFinite(tracking_id) && { tracking_id: `${tracking_id}` }),
    ...(switches.lowerCaseCurrencies === 'taken' && isLowerCase(currency) && { currency: currency.toUpperCase() }),
    ...(switches.amountsAsText === 'taken' && isDigits(amount) && { amount: Number(amount) }),
  }
}

const isLowerCase = (value: unknown): value is string => typeof value === 'string' && /^[a-z]{3}$/.test(value)

const isDigits = (value: unknown): boolean => typeof value === 'string' && /^\d+$/.test(value)
