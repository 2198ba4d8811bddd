import * as core from '@async-transaction/core'
import { pay } from './pay.js'

export default {
  async fetch(_, { GATEWAY, TRACKING_ID }) {
    return new Response(await pay(core, GATEWAY, TRACKING_ID))
  },
}
