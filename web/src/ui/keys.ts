// Keys that work anywhere except where someone is typing.
import { onBeforeUnmount, onMounted } from 'vue'

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Calls `handlers[key]` for a plain key press; a handler that returns false lets the key pass. */
export function useKeys(handlers: Record<string, (event: KeyboardEvent) => boolean | void>): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return
    // A window on top owns the keyboard.
    if (document.querySelector('[aria-modal="true"]')) return
    const handler = handlers[event.key]
    if (handler && handler(event) !== false) event.preventDefault()
  }
  onMounted(() => document.addEventListener('keydown', listen))
  onBeforeUnmount(() => document.removeEventListener('keydown', listen))
}
