// Where the device is, followed while a record is being made; the best reading counts.
import { onScopeDispose, ref, shallowRef } from 'vue'
import type { Point } from '@/ui/form/types'

export type PositionState = 'asking' | 'found' | 'denied' | 'lost' | 'none'

export function usePosition(): { point: Readonly<ReturnType<typeof shallowRef<Point | null>>>; accuracy: ReturnType<typeof ref<number | null>>; state: ReturnType<typeof ref<PositionState>> } {
  const point = shallowRef<Point | null>(null)
  const accuracy = ref<number | null>(null)
  const state = ref<PositionState>('asking')
  if (!('geolocation' in navigator) || !window.isSecureContext) state.value = 'none'
  else {
    const watching = navigator.geolocation.watchPosition(
      ({ coords }) => {
        state.value = 'found'
        if (accuracy.value !== null && coords.accuracy > accuracy.value * 2) return
        accuracy.value = Math.round(coords.accuracy)
        point.value = { lon: Number(coords.longitude.toFixed(6)), lat: Number(coords.latitude.toFixed(6)) }
      },
      (error) => { if (!point.value) state.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'lost' },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 },
    )
    onScopeDispose(() => navigator.geolocation.clearWatch(watching))
  }
  return { point, accuracy, state }
}

/** Metres between two points, good enough to sort by. */
export function metres(a: Point, b: Point): number {
  const rad = Math.PI / 180
  const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad)
  const y = (b.lat - a.lat) * rad
  return Math.round(Math.hypot(x, y) * 6_371_000)
}
