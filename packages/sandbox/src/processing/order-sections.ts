/** What a transaction on a card has, beside what every one has. */
import type { Entry } from './entry.ts'
import { verdicts, word } from './verdicts.ts'

export function orderSections(entry: Entry): object {
  const { order, challenged } = entry
  return {
    description: entry.description,
    tracking_id: order.trackingId,
    ...(order.parentUid && { parent_uid: order.parentUid }),
    ...(order.reason && { reason: order.reason }),
    expired_at: order.expiredAt,
    language: order.language ?? 'en',
    payment_method_type: 'credit_card',
    redirect_url: redirectUrl(entry),
    customer: filled(order.customer, ['ip', 'email', 'device_id', 'birth_date']),
    billing_address: filled(order.billingAddress, addressFields),
    be_protected_verification: {
      status: 'successful',
      message: null,
      white_black_list: { email: 'absent', ip: 'absent', card_number: 'absent' },
      rules: {},
    },
    ...(entry.card && { credit_card: cardSection(entry) }),
    ...(entry.acquirer && { [order.type.name]: acquirerSection(entry) }),
    ...(challenged && { three_d_secure_verification: verificationSection(entry) }),
  }
}

const addressFields = ['first_name', 'last_name', 'address', 'country', 'city', 'zip', 'state', 'phone']

/** A section as it was sent; of the fields that it always has, those not sent are null. */
function filled(sent: Readonly<Record<string, unknown>>, fields: readonly string[]): object {
  return { ...Object.fromEntries(fields.map((field) => [field, null])), ...sent }
}

/** A final payment keeps it, and one without 3-D Secure has it as well, as recorded: it is no sign of a challenge. */
function redirectUrl({ order, uid, acquirer, challenged }: Entry): string | null {
  const shown = challenged || (order.type.customerPays && acquirer && order.baseUrl !== '')
  return shown ? `${order.baseUrl}/process/${uid}` : null
}

function cardSection({ card, token }: Entry): object {
  return {
    holder: card?.holder ?? null,
    stamp: card?.stamp,
    brand: card?.brand,
    last_4: card?.last4,
    first_1: card?.first1,
    bin: card?.bin,
    issuer_country: card?.issuerCountry,
    issuer_name: card?.issuerName,
    product: card?.product,
    exp_month: card?.expMonth ?? null,
    exp_year: card?.expYear ?? null,
    token_provider: null,
    token: token ?? null,
  }
}

function acquirerSection({ acquirer, order, status, verdict }: Entry): object {
  const wording = verdicts[verdict ?? 'approved']
  return {
    auth_code: acquirer?.authCode ?? null,
    bank_code: wording.bankCode,
    rrn: acquirer?.rrn,
    ref_id: acquirer?.refId,
    message: word(wording.bankMessage, order.type.name),
    gateway_id: 317,
    billing_descriptor: order.billingDescriptor ?? 'SANDBOX BILLING DESCRIPTOR',
    status,
  }
}

function verificationSection({ status, verdict }: Entry): object {
  if (status === 'incomplete') return { status: 'incomplete', pa_status: null, eci: null }
  if (verdict === 'expired') return { status: 'expired', pa_status: null, eci: null }
  return status === 'successful'
    ? { status: 'successful', pa_status: 'Y', eci: '05' }
    : { status: 'failed', pa_status: 'N', eci: '07' }
}
