/** A CommonJS program, with operators over its own rxjs. */
const core = require('@async-transaction/core')
const { fromTask } = require('@async-transaction/rxjs')
const { lastValueFrom } = require('rxjs')
const { pay } = require('./pay.js')

pay(core, process.argv[2], process.argv[3], (task) => lastValueFrom(fromTask(task))).then((end) => console.log(end))
