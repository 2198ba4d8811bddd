/** For browsers: does the job that its address names, and leaves the verdicts in `window.verdicts`. */
import { work } from '../jobs.ts'
import { library } from '../library.ts'

const query = new URLSearchParams(location.search)
const places = { gatewayUrl: location.origin, elsewhereUrl: query.get('elsewhere') ?? '' }
const verdicts = await work(query.get('job') ?? '', library, places).catch((error: unknown) => [
  { name: 'the page', problem: String(error) },
])
Object.assign(window, { verdicts })
