import { useEffect } from 'react';
import { UiProvider } from '../components/ui-provider.tsx';
import { DialogHost } from './dialog-host.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { focusZone, nextZone } from './focus.ts';
import { type Services, ServicesProvider } from './services.ts';
import { Shell } from './shell.tsx';
import { useTheme } from './use-theme.ts';

/** The whole window. */
export function App({ services }: { readonly services: Services }) {
  return (
    <ServicesProvider value={services}>
      <UiProvider platform={services.bridge.platform} toasts={services.toasts}>
        <ErrorBoundary part="The window">
          <Window />
        </ErrorBoundary>
      </UiProvider>
    </ServicesProvider>
  );
}

function Window() {
  useTheme();
  useZoneKeys();
  useRefuseStrayDrops();
  return (
    <>
      <Shell />
      <DialogHost />
    </>
  );
}

/** F6 goes from pane to pane, Shift+F6 back. */
function useZoneKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'F6' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      const zone = nextZone(document, document.activeElement, event.shiftKey);
      if (!zone) return;
      event.preventDefault();
      focusZone(zone);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** A file dropped beside a target must not make the window navigate to it. */
function useRefuseStrayDrops(): void {
  useEffect(() => {
    const refuse = (event: DragEvent): void => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', refuse);
    window.addEventListener('drop', refuse);
    return () => {
      window.removeEventListener('dragover', refuse);
      window.removeEventListener('drop', refuse);
    };
  }, []);
}
