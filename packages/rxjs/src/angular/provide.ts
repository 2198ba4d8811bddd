/** The client of an application, by dependency injection. */
import { type EnvironmentProviders, InjectionToken, inject, makeEnvironmentProviders } from '@angular/core'
import { type Client, TransactionError } from '@async-transaction/core'

const CLIENT = /* @__PURE__ */ new InjectionToken<Client>('client of @async-transaction')

/**
 * Provides the client. `create` is called once for each injector that has it, in its injection context, when the client is
 * first needed.
 *
 * @example
 * ```ts
 * bootstrapApplication(App, { providers: [provideAsyncTransactions(() => createBrowserClient(options))] })
 * ```
 */
export const provideAsyncTransactions = (create: () => Client): EnvironmentProviders =>
  makeEnvironmentProviders([{ provide: CLIENT, useFactory: create }])

/**
 * The client that was provided. Call it in an injection context.
 *
 * @throws TransactionError `config` if there is none
 */
export function injectTransactions(): Client {
  const client = inject(CLIENT, { optional: true })
  if (client) return client
  const message = 'There is no client: add provideAsyncTransactions(() => client) to the providers of the application'
  throw new TransactionError({ code: 'config', effect: 'none', message })
}
