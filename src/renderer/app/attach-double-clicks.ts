/** What a click may take away under the pointer. */
const LAYERS = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/**
 * Swallows the second click of a double click on something the first one closed: it would
 * reach what lay under it, open a folder there, or answer the next question. Returns the end
 * of it.
 */
export function attachDoubleClicks(window: Window): () => void {
  /** The layer the first click was on; `null`: it was on the window itself. */
  let layer: Element | null = null;
  const watch = (event: MouseEvent): void => {
    if (event.detail < 2) {
      if (event.type !== 'mousedown') return;
      layer = event.target instanceof Element ? event.target.closest(LAYERS) : null;
      return;
    }
    if (layer === null || layer.isConnected) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const types = ['mousedown', 'click', 'dblclick'] as const;
  for (const type of types) window.addEventListener(type, watch, true);
  return () => {
    for (const type of types) window.removeEventListener(type, watch, true);
  };
}
