declare module 'cloudflare:workers' {
  /** The bindings of `wrangler.jsonc`. */
  export const env: {
    readonly OUTCOMES: import('@async-transaction/proxy/durable-object').ObjectNamespace
    readonly GATEWAY_URL: string
    readonly SHOP_ID: string
    readonly SHOP_ORIGIN: string
    readonly OUTCOME_URL: string
    readonly SECRET_KEY: string
    readonly TOKEN_SECRET: string
    readonly CHECKOUT_KEY: string
  }
}
