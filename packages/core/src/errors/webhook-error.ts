/** A notification that is not to be believed. */

/**
 * `config`: the key or the credentials cannot be used, or the request cannot be read, as when its body was read before.
 * `body-invalid`: no transaction in it. `body-too-large`. `signature-missing`,
 * `signature-invalid`: it is not the gateway's. `unauthorized`: the credentials are not the shop's.
 */
export type WebhookErrorCode =
  | 'config'
  | 'body-invalid'
  | 'body-too-large'
  | 'signature-missing'
  | 'signature-invalid'
  | 'unauthorized'

const HTTP_STATUS: Record<WebhookErrorCode, number> = {
  config: 500,
  'body-invalid': 400,
  'body-too-large': 413,
  'signature-missing': 401,
  'signature-invalid': 401,
  unauthorized: 401,
}

/** Why a webhook was refused. It holds nothing of what was sent. */
export class WebhookError extends Error {
  override readonly name: string = 'WebhookError'
  readonly code: WebhookErrorCode
  /** What to answer the sender with; anything but 2xx makes the gateway send it again. */
  readonly httpStatus: number

  constructor(code: WebhookErrorCode, message: string) {
    super(message)
    this.code = code
    this.httpStatus = HTTP_STATUS[code]
  }
}
