// The portal as an app of the phone: the service worker keeps its shell, the browser offers to install it.
import { shallowRef } from 'vue'

interface Offer extends Event { prompt: () => Promise<void>; userChoice: Promise<{ outcome: string }> }
/** The browser's offer to install, while there is one. */
export const offer = shallowRef<Offer | null>(null)

window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  offer.value = event as Offer
})
window.addEventListener('appinstalled', () => { offer.value = null })

export async function accept(): Promise<void> {
  const asked = offer.value
  if (!asked) return
  await asked.prompt()
  if ((await asked.userChoice).outcome === 'accepted') offer.value = null
}

export async function install(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' })
  } catch {
    // Plain HTTP, or forbidden: everything works but opening without a network.
  }
}
