/**
 * Desktops whose keyring Chromium does not find by itself, by `XDG_CURRENT_DESKTOP`; all
 * of them use the Secret Service of GNOME Keyring or KeePassXC. The list of AFFiNE and
 * VS Code: https://code.visualstudio.com/docs/configure/settings-sync#_linux
 */
const SECRET_SERVICE_DESKTOPS: ReadonlySet<string> = new Set([
  'i3',
  'sway',
  'hyprland',
  'niri',
  'river',
  'wayfire',
  'bspwm',
  'dwm',
  'awesome',
  'openbox',
  'xmonad',
  'qtile',
  'labwc',
  'budgie',
  'cosmic',
  'lxqt',
  'lxde',
  'mate',
]);

/** The value for `--password-store`, or `null` to let Chromium choose. */
export function passwordStore(
  platform: NodeJS.Platform,
  currentDesktop: string | undefined,
): string | null {
  if (platform !== 'linux' || currentDesktop === undefined) return null;
  const names = currentDesktop.toLowerCase().split(':');
  return names.some((name) => SECRET_SERVICE_DESKTOPS.has(name))
    ? 'gnome-libsecret'
    : null;
}
