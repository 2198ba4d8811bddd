/** The packages, imported by their names as a consumer does. */

import freshCore from 'fresh:@async-transaction/core'
import freshRxjs from 'fresh:rxjs'
import * as core from '@async-transaction/core'
import * as encryption from '@async-transaction/core/encryption'
import * as testing from '@async-transaction/core/testing'
import * as webhook from '@async-transaction/core/webhook'
import * as operators from '@async-transaction/rxjs'
import * as rxjs from 'rxjs'
import type { Library } from './contract.ts'

export const library: Library = {
  core,
  encryption,
  testing,
  webhook,
  operators,
  rxjs,
  fresh: { core: freshCore, rxjs: freshRxjs },
}
