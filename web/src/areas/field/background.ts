// Runs behind all pages: records are sent from wherever the person is, and what a record needs is kept for the hour
// without a network.
import { watch } from 'vue'
import { me } from '@/api/session'
import { install } from './install'
import { ready, start as startOutbox } from './outbox'
import { keepReady } from './reference'

export function start(): void {
  startOutbox()
  void install()
  watch([ready, () => me.value?.person.id], ([is]) => { if (is) void keepReady() }, { immediate: true })
}
