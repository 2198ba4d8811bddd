import { bootstrapApplication } from '@angular/platform-browser'
import { Checkout } from './app/checkout.ts'

bootstrapApplication(Checkout).catch((error: unknown) => console.error(error))
