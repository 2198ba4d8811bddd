/** Like React Native: in a worker, since that has no `document` either. Posts the verdicts. */
import './react-native-globals.ts'
import { work } from '../jobs.ts'
import { library } from '../library.ts'

const query = new URLSearchParams(location.search)
const places = { gatewayUrl: location.origin, elsewhereUrl: query.get('elsewhere') ?? '' }
const verdicts = await work(query.get('job') ?? '', library, places).catch((error: unknown) => [
  { name: 'the worker', problem: String(error) },
])
postMessage(verdicts)
