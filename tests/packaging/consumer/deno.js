import * as core from 'npm:@async-transaction/core'
import { pay } from './pay.js'

console.log(await pay(core, Deno.args[0], Deno.args[1]))
