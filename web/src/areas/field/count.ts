// How many records wait on this device; small, because the shell shows it everywhere.
import { ref } from 'vue'

export const waiting = ref(0)
