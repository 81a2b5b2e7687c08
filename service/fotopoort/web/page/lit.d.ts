/** What the page uses of lit.js. */
export class LitElement extends HTMLElement {
  static properties: Record<string, object>;
  readonly updateComplete: Promise<boolean>;
  connectedCallback(): void;
  disconnectedCallback(): void;
  createRenderRoot(): any;
  render(): unknown;
  requestUpdate(): void;
  firstUpdated(changed: Map<string, unknown>): void;
  updated(changed: Map<string, unknown>): void;
}
export function html(strings: TemplateStringsArray, ...values: unknown[]): object;
export function svg(strings: TemplateStringsArray, ...values: unknown[]): object;
export const nothing: unique symbol;
export function repeat<Item>(items: Iterable<Item>, key: (item: Item) => unknown, template: (item: Item) => unknown): unknown;
