import { driven } from '../e2e/react/page-driver.ts'
