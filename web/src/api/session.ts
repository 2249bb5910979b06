// Who is signed in, and what the server says about itself.
import { computed, readonly, ref } from 'vue'
import { ApiError, del, get, post, put } from './client'
import { clockAhead, keepAhead, setServerNow } from './clock'
import type { Me, Meta, SignIn, TotpStart } from './types'

const meRef = ref<Me | null>(null)
const metaRef = ref<Meta | null>(null)
let asked = false

// Without a network the portal opens for the person who was last signed in on this device. What he may do, the server
// decides when it is reached again.
const KEPT = 'anlan:person'
const LEAVING = 'anlan:leaving'
/** How long a slow line is waited for when the person is known from before, in milliseconds. */
const PATIENCE = 8_000
const unprovedRef = ref(false)
/** The person is known from last time; the server has not been asked. */
export const unproved = readonly(unprovedRef)

function remembered(): { me: Me; ahead: number } | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? 'null') as { me: Me; ahead: number } | null
  } catch {
    return null
  }
}

export const me = readonly(meRef)
export const meta = readonly(metaRef)
export const signedIn = computed(() => meRef.value !== null)

function take(answer: Me): Me {
  meRef.value = answer
  setServerNow(answer.now)
  unprovedRef.value = false
  try {
    localStorage.setItem(KEPT, JSON.stringify({ me: answer, ahead: clockAhead() }))
  } catch {
    // Storage full or forbidden: the portal does not open without a network.
  }
  return answer
}

/** True when the person may give this command somewhere. Whether it is allowed here and now is in `actions`. */
export function may(command: string): boolean {
  return meRef.value?.commands.includes(command) ?? false
}

/** Asks once who is signed in; null when nobody is. */
export async function restore(): Promise<Me | null> {
  if (asked) return meRef.value
  if (localStorage.getItem(LEAVING)) {
    // Signed out without a network: the server is told now, before anything else.
    await del('/session', undefined).catch((error: unknown) => { if (!(error instanceof ApiError) || error.status !== 401) throw error })
    localStorage.removeItem(LEAVING)
  }
  const kept = remembered()
  try {
    take(await get('/session', {}, kept ? AbortSignal.timeout(PATIENCE) : undefined))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 401) forget()
    else if (error.status === 0 && kept) {
      meRef.value = kept.me
      keepAhead(kept.ahead)
      unprovedRef.value = true
    } else throw error
  }
  asked = true
  return meRef.value
}

/** Asks again who is signed in; the answer may be somebody else. */
export async function prove(): Promise<Me> {
  return take(await get('/session'))
}
if (typeof window !== 'undefined') window.addEventListener('online', () => { if (unprovedRef.value) void prove().catch(() => { /* asked again at the next turn */ }) })

export async function loadMeta(): Promise<Meta> {
  metaRef.value ??= await get('/meta')
  return metaRef.value
}

export async function signIn(input: SignIn): Promise<Me> {
  asked = true
  localStorage.removeItem(LEAVING)
  return take(await post('/session', input))
}

/** Forgets the person without asking the server: the session is already gone there. */
export function forget(): void {
  meRef.value = null
  unprovedRef.value = false
  localStorage.removeItem(KEPT)
}

export async function signOut(): Promise<void> {
  try {
    await del('/session', undefined)
  } catch (error) {
    if (error instanceof ApiError && error.status === 0) localStorage.setItem(LEAVING, '1')
    throw error
  } finally {
    forget()
  }
}

export async function changePassword(old: string, fresh: string): Promise<Me> {
  return take(await post('/session/password', { old, new: fresh }))
}
export const startTotp = (): Promise<TotpStart> => post('/session/totp', undefined)
export async function confirmTotp(code: string): Promise<Me> {
  return take(await put('/session/totp', { code }))
}
export async function dropTotp(password: string): Promise<Me> {
  return take(await del('/session/totp', { password }))
}
