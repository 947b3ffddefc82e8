import { useCallback, useEffect, useRef } from 'react';

/**
 * Returns a function that does something at once or, while a pointer is pressed, after
 * the click is through. A field that is left by pressing a button may change the layout;
 * done at once, the button would move away under the pointer and miss its click.
 */
export function useAfterPress(): (work: () => void) => void {
  const isPressed = useRef(false);
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    function onDown(): void {
      isPressed.current = true;
    }
    function onUp(): void {
      isPressed.current = false;
      const timer = setTimeout(() => {
        timers.delete(timer);
        for (const work of waiting.current.splice(0)) work();
      }, 0);
      timers.add(timer);
    }
    document.addEventListener('pointerdown', onDown, true);
    document.addEventListener('pointerup', onUp, true);
    document.addEventListener('pointercancel', onUp, true);
    return () => {
      document.removeEventListener('pointerdown', onDown, true);
      document.removeEventListener('pointerup', onUp, true);
      document.removeEventListener('pointercancel', onUp, true);
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  return useCallback((work) => {
    if (isPressed.current) waiting.current.push(work);
    else work();
  }, []);
}
