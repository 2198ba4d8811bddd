import { afterNextRender, booleanAttribute, Directive, ElementRef, inject, input } from '@angular/core'

/** The heading of a screen that came by itself: takes the focus, so that it is read out, and the keyboard goes on there. */
@Directive({ selector: 'h1[screenHeading]', host: { tabindex: '-1' } })
export class ScreenHeading {
  /** False for what the page begins with. */
  readonly screenHeading = input(true, { transform: booleanAttribute })

  constructor() {
    const element: HTMLElement = inject(ElementRef).nativeElement
    afterNextRender(() => this.screenHeading() && element.focus())
  }
}
