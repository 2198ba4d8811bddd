/** Outcomes in Durable Objects, one per task: `@async-transaction/proxy/durable-object`. */
export { durableObjectOutcomes, type ObjectNamespace } from './store/durable-object-outcomes.ts'
export {
  createOutcomeObject,
  type ObjectState,
  type ObjectStorage,
  type OutcomeObject,
  type OutcomeObjectOptions,
} from './store/outcome-object.ts'
