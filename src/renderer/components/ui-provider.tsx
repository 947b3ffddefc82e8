import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { type Platform, PlatformContext } from './shortcut.ts';
import { ToastHost } from './toast.tsx';
import type { Toasts } from './toasts.ts';

/** Props of {@link UiProvider}. */
export interface UiProviderProps {
  readonly platform: Platform;
  readonly toasts: Toasts;
  readonly children: ReactNode;
}

/**
 * What every component needs around it, once per window. Keeps Base UI from injecting
 * `<style>` elements, which the content security policy forbids (global.css has the rules).
 */
export function UiProvider({ platform, toasts, children }: UiProviderProps) {
  return (
    <CSPProvider disableStyleElements>
      <PlatformContext.Provider value={platform}>
        <Tooltip.Provider delay={700}>
          {children}
          <ToastHost toasts={toasts} />
        </Tooltip.Provider>
      </PlatformContext.Provider>
    </CSPProvider>
  );
}
