/** Starts the worker that is like React Native, and leaves its verdicts in `window.verdicts`. */
const worker = new Worker(`/scripts/react-native${location.search}`, { type: 'module' })
worker.onmessage = ({ data }) => Object.assign(window, { verdicts: data })
worker.onerror = ({ message }) => Object.assign(window, { verdicts: [{ name: 'the worker', problem: message }] })
