import * as core from '@async-transaction/core'
import { pay } from './pay.js'

console.log(await pay(core, process.argv[2], process.argv[3]))
