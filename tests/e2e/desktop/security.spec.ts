import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { isSandboxedProcess } from '../../../electron/self-test-status.ts';
import { REQUEST_CHANNELS } from '../../../shared/bridge/contract.ts';
import type { BridgeWindow } from './bridge-page.ts';
import { launchPhone, launchRelease, processStatus } from './phone-app.ts';
import type { DrivenPhone, ReleasedPhone } from './phone-app.ts';

/** The same assertions for both packings: what a test can drive must be as closed as what people get. */
const packings = [
  { name: 'drivable', launch: (): Promise<DrivenPhone> => launchPhone({ media: 'asked' }) },
  { name: 'release', launch: (): Promise<ReleasedPhone> => launchRelease({ media: 'asked' }) },
] as const;

for (const { name, launch } of packings) {
  test.describe(`the ${name} packing`, () => {
    let phone: DrivenPhone | ReleasedPhone;
    let page: Page;

    test.beforeAll(async () => {
      phone = await launch();
      page = phone.page;
    });
    test.afterAll(() => phone.close());

    test('serves its page from app:// and from nowhere else', async () => {
      expect(page.url()).toBe('app://parkline/index.html');
      const reached = await page.evaluate(async () => {
        const paths = [
          '../../package.json',
          '%2e%2e/%2e%2e/package.json',
          '/electron/main.cjs',
          '//other/index.html',
        ];
        const answers = await Promise.all(
          paths.map((path) =>
            fetch(path).then(
              (answer) => answer.status,
              () => 0,
            ),
          ),
        );
        return answers.filter((status) => status === 200);
      });
      expect(reached).toEqual([]);
    });

    test('gives the page no Node, and only the named functions of the bridge', async () => {
      const seen = await page.evaluate(() => ({
        node: [
          typeof Reflect.get(globalThis, 'require'),
          typeof Reflect.get(globalThis, 'process'),
          typeof Reflect.get(globalThis, 'Buffer'),
        ],
        bridge: Object.keys((window as unknown as BridgeWindow).parkline).sort(),
      }));
      expect(seen.node).toEqual(['undefined', 'undefined', 'undefined']);
      expect(seen.bridge).toEqual([...REQUEST_CHANNELS, 'onEvent'].sort());
    });

    test('sends a policy that begins with nothing allowed', async () => {
      const policy = await page.evaluate(async () =>
        (await fetch('/index.html')).headers.get('content-security-policy'),
      );
      expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'nonce-[\w-]{20,}'/);
      expect(policy).toContain("connect-src 'self';");
      expect(policy).not.toContain('unsafe-eval');
    });

    test('lets the page talk to nobody before an account is known', async () => {
      const outcome = await page.evaluate(async () => {
        const reached: string[] = [];
        await fetch('http://127.0.0.1:9/').then(
          () => reached.push('http'),
          () => undefined,
        );
        const refused = await new Promise<string>((resolve) => {
          document.addEventListener(
            'securitypolicyviolation',
            (event) => resolve(event.effectiveDirective),
            { once: true },
          );
          try {
            new WebSocket('ws://127.0.0.1:9/').onopen = () => reached.push('ws');
          } catch {
            // Some engines throw, others report: the report is what counts.
          }
        });
        return { reached, refused };
      });
      expect(outcome).toEqual({ reached: [], refused: 'connect-src' });
    });

    test('evaluates no text as code', async () => {
      const refused = await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "taken over"';
        document.body.append(script);
        return document.title;
      });
      expect(refused).not.toBe('taken over');
    });

    test('goes nowhere and opens no window', async () => {
      await page.evaluate(() => {
        window.open('https://example.invalid/', '_blank');
        const link = document.createElement('a');
        link.href = 'file:///etc/passwd';
        document.body.append(link);
        link.click();
        location.href = 'data:text/html,elsewhere';
      });
      await page.waitForTimeout(300);
      expect(page.url()).toBe('app://parkline/index.html');
      expect(page.context().pages()).toHaveLength(1);
    });

    test('allows the microphone, and no camera, place or device', async () => {
      const allowed = await page.evaluate(async () => {
        const may = (ask: Promise<unknown>): Promise<boolean> =>
          ask.then(
            () => true,
            () => false,
          );
        return {
          microphone: await may(navigator.mediaDevices.getUserMedia({ audio: true })),
          camera: await may(navigator.mediaDevices.getUserMedia({ video: true })),
          screen: await may(navigator.mediaDevices.getDisplayMedia({ video: true })),
          place: await may(
            new Promise((resolve, reject) =>
              navigator.geolocation.getCurrentPosition(resolve, reject),
            ),
          ),
          notifications: Notification.permission === 'granted',
        };
      });
      expect(allowed).toEqual({
        microphone: true,
        camera: false,
        screen: false,
        place: false,
        notifications: false,
      });
    });

    test('refuses requests that are not as agreed', async () => {
      const refusal = await page.evaluate(() =>
        (window as unknown as BridgeWindow).parkline.withdrawParked('../../etc/passwd').then(
          () => 'accepted',
          (error: unknown) => String(error),
        ),
      );
      expect(refusal).toContain('the argument is not as agreed');
      expect(refusal).not.toContain('passwd');
    });
  });
}

test('the release packing runs its page in a sandboxed process', async () => {
  const phone = await launchRelease();
  const session = await phone.browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  expect(renderers.length).toBeGreaterThan(0);
  for (const { id } of renderers) expect(isSandboxedProcess(processStatus(id))).toBe(true);
  await phone.close();
});

test('as root, or without a sandbox, the check of the sandbox fails', () => {
  expect(isSandboxedProcess('Name:\tx\nNoNewPrivs:\t0\nSeccomp:\t0\n')).toBe(false);
  expect(isSandboxedProcess(processStatus(process.pid))).toBe(false);
});
