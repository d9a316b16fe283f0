/** What the desktop app was started with. */
export interface StartOptions {
  /** Name of the profile; two profiles share nothing, not even a lock. */
  readonly profile: string;
  /** A file with a sign-in that is read once and removed: how provisioning and the demo hand over a password. */
  readonly signInFile: string | null;
  /** Sends a tone instead of opening a microphone, until the user chooses one. */
  readonly microphone: 'device' | 'tone';
  /** Takes no global shortcuts and no links, because another profile on this desktop does. */
  readonly secondary: boolean;
  /** Starts without showing the window. */
  readonly minimised: boolean;
  /** Opens the page, says on standard output whether all is well, and ends. */
  readonly selfTest: boolean;
  /** A `tel:` or `sip:` link to prefill, or a `parkline:` one to sign in with. */
  readonly link: string | null;
  /** Words of `parkline-phone` for the phone that runs already: this process prints the answer and shows nothing. */
  readonly command: readonly string[] | null;
}

const PROFILE_NAME = /^[\w-]{1,40}$/;
const LINK = /^(?:tel|sips?|callto|parkline):/i;

function valueOf(args: readonly string[], name: string): string | null {
  const joined = args.find((arg) => arg.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const at = args.indexOf(name);
  return at < 0 ? null : (args[at + 1] ?? null);
}

/** What stands behind `--command`: the words belong to `parkline-phone` alone, whatever they look like. */
function commandWords(args: readonly string[]): readonly string[] | null {
  const at = args.indexOf('--command');
  return at < 0 ? null : args.slice(at + 1);
}

/**
 * Reads the app's own arguments; Chromium's switches are left alone. A profile name that could not be a folder's name counts as
 * not given.
 */
export function parseCommandLine(all: readonly string[]): StartOptions {
  const command = commandWords(all);
  const args = command === null ? all : all.slice(0, all.indexOf('--command'));
  const profile = valueOf(args, '--profile') ?? '';
  return {
    profile: PROFILE_NAME.test(profile) ? profile : 'default',
    signInFile: valueOf(args, '--sign-in-file'),
    microphone: valueOf(args, '--microphone') === 'tone' ? 'tone' : 'device',
    secondary: args.includes('--secondary'),
    minimised: args.includes('--minimised'),
    selfTest: args.includes('--self-test'),
    link: args.find((arg) => LINK.test(arg)) ?? null,
    command,
  };
}
