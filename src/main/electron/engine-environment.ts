/** Variables the engine may see: where things are, which language, which proxy and CA. */
const ALLOWED =
  /^(path|home|user|logname|userprofile|appdata|localappdata|programdata|systemroot|systemdrive|windir|comspec|temp|tmp|tmpdir|lang|language|lc_[a-z]+|tz|xdg_[a-z_]+|https?_proxy|no_proxy|all_proxy|node_extra_ca_certs|ssl_cert_(file|dir)|dipper_[a-z_]+)$/i;

/**
 * The environment of the engine process. An allow-list: `NODE_OPTIONS` and `ELECTRON_*`
 * would change what runs there, `AWS_*` would lend credentials nobody chose.
 */
export function engineEnvironment(
  all: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && ALLOWED.test(entry[0]),
    ),
  );
}
