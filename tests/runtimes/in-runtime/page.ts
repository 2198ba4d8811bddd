/** For browsers: plays the contract, and leaves the verdicts in `window.verdicts`. */
import { playContract } from '../contract.ts'
import { library } from '../library.ts'

const elsewhereUrl = new URLSearchParams(location.search).get('elsewhere') ?? ''
const verdicts = await playContract(library, { gatewayUrl: location.origin, elsewhereUrl })
Object.assign(window, { verdicts })
