/** For Node, Deno and Bun: plays the contract before the servers that it is told of, and prints the verdicts. */
import { playContract } from '../contract.ts'
import { library } from '../library.ts'

declare const Deno: { args: string[] } | undefined
declare const process: { argv: string[] }

const [gatewayUrl = '', elsewhereUrl = ''] = typeof Deno === 'object' ? Deno.args : process.argv.slice(2)
console.log(JSON.stringify(await playContract(library, { gatewayUrl, elsewhereUrl })))
