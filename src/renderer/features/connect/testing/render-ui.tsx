import axe from 'axe-core';
import type { ReactNode } from 'react';
import { expect } from 'vitest';
import { render } from 'vitest-browser-react';
import '../../../styles/global.css';
import { createToasts } from '../../../components/toasts.ts';
import { UiProvider } from '../../../components/ui-provider.tsx';

/** Renders what is tested with all that components need around it. */
export async function renderUi(content: ReactNode) {
  const toasts = createToasts();
  const screen = await render(
    <UiProvider platform="linux" toasts={toasts}>
      {content}
    </UiProvider>,
  );
  return { ...screen, toasts };
}

/** Fails with every accessibility problem axe finds, in a theme of the window. */
export async function expectAccessible(theme: 'light' | 'dark' | 'high-contrast') {
  document.documentElement.dataset['theme'] = theme;
  // Colours are judged when dialogs have faded in.
  await Promise.allSettled(
    document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
      .filter((animation) => animation.timeline instanceof DocumentTimeline)
      .map((animation) => animation.finished),
  );
  const { violations } = await axe.run(document.body, {
    // A component is not a page: landmarks and headings are the window's affair.
    rules: { region: { enabled: false } },
  });
  document.documentElement.removeAttribute('data-theme');
  expect(
    violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 120))]),
  ).toEqual([]);
}
