/** A sheet of paper, 32 × 32, for under the pointer while files are dragged out. */
export const DRAG_ICON =
  'data:image/png;base64,' +
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAAUElEQVR42u3XsQkAIAADQfe1cwLHFhF0' +
  'BpMIFv+Q/tqUQr9WW9/KooAx1/ViCBUQQziACMIF2IgEwEKkADICAAAAAAAAAAAAgHpMnh8WSncAaAMm' +
  '7xgXLs4AAAAASUVORK5CYII=';
