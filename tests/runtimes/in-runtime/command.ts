/** For Node, Deno and Bun: does the job that it is told, and prints the verdicts. */
import { work } from '../jobs.ts'
import { library } from '../library.ts'

declare const Deno: { args: string[] } | undefined
declare const process: { argv: string[] }

const [job = '', gatewayUrl = '', elsewhereUrl = ''] = typeof Deno === 'object' ? Deno.args : process.argv.slice(2)
console.log(JSON.stringify(await work(job, library, { gatewayUrl, elsewhereUrl })))
