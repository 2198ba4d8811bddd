/** What a runtime other than Node is given: pays through the faults of the gateway it is told of, and prints the verdicts. */
import { payThroughFaults } from './cases.ts'

declare const Deno: { args: string[] } | undefined
declare const process: { argv: string[] }

const [gatewayUrl = '', run = '', first = ''] = typeof Deno === 'object' ? Deno.args : process.argv.slice(2)
console.log(JSON.stringify(await payThroughFaults(gatewayUrl, run, Number(first))))
