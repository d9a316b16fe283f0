/** Pages about one tenant, in the order of the navigation. */
export const TENANT_PAGES = [
  'live',
  'park-groups',
  'park-settings',
  'feature-codes',
  'music',
  'ring-groups',
  'users',
  'devices',
  'journal',
] as const;

/** Pages about the server as a whole. */
export const SERVER_PAGES = ['admins', 'tenants', 'audit', 'get-app', 'account'] as const;

export type TenantPage = (typeof TENANT_PAGES)[number];
export type ServerPage = (typeof SERVER_PAGES)[number];

/** Where in the portal somebody is. `item` is what is open on the page: an id, an extension, `new` or `import`. */
export type Route =
  | { readonly kind: 'home' }
  | {
      readonly kind: 'tenant';
      readonly tenantId: string;
      readonly page: TenantPage;
      readonly item: string | null;
    }
  | { readonly kind: 'server'; readonly page: ServerPage; readonly item: string | null };

/** `#/t/TENANT/park-groups/ID`, `#/admins/ID`; anything else is home. */
export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').map(decode);
  const [first, second, third, fourth] = parts;
  if (first === 't' && second) {
    const page = TENANT_PAGES.find((each) => each === third);
    if (page !== undefined) return { kind: 'tenant', tenantId: second, page, item: fourth || null };
  }
  const page = SERVER_PAGES.find((each) => each === first);
  return page === undefined ? { kind: 'home' } : { kind: 'server', page, item: second || null };
}

export function hashOf(route: Route): string {
  switch (route.kind) {
    case 'home':
      return '#/';
    case 'tenant':
      return join('t', route.tenantId, route.page, route.item);
    case 'server':
      return join(route.page, route.item);
  }
}

function join(...parts: readonly (string | null)[]): string {
  const named = parts.filter((part) => part !== null);
  return `#/${named.map(encodeURIComponent).join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
