import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useServices } from './services.ts';

/** Puts the chosen theme on the root element; tokens.css does the rest. */
export function useTheme(): void {
  const { settings } = useServices();
  const theme = useStore(settings.store, (state) => state.settings?.theme ?? 'system');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
}
