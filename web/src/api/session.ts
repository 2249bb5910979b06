// Who is signed in, and what the server says about itself.
import { computed, readonly, ref } from 'vue'
import { ApiError, del, get, post, put } from './client'
import { setServerNow } from './clock'
import type { Me, Meta, SignIn, TotpStart } from './types'

const meRef = ref<Me | null>(null)
const metaRef = ref<Meta | null>(null)
let asked = false

export const me = readonly(meRef)
export const meta = readonly(metaRef)
export const signedIn = computed(() => meRef.value !== null)

function take(answer: Me): Me {
  meRef.value = answer
  setServerNow(answer.now)
  return answer
}

/** True when the person may give this command somewhere. Whether it is allowed here and now is in `actions`. */
export function may(command: string): boolean {
  return meRef.value?.commands.includes(command) ?? false
}

/** Asks once who is signed in; null when nobody is. */
export async function restore(): Promise<Me | null> {
  if (asked) return meRef.value
  try {
    take(await get('/session'))
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
  }
  asked = true
  return meRef.value
}

export async function loadMeta(): Promise<Meta> {
  metaRef.value ??= await get('/meta')
  return metaRef.value
}

export async function signIn(input: SignIn): Promise<Me> {
  asked = true
  return take(await post('/session', input))
}

/** Forgets the person without asking the server: the session is already gone there. */
export function forget(): void {
  meRef.value = null
}

export async function signOut(): Promise<void> {
  await del('/session', undefined)
  forget()
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
