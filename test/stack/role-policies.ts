import { stackAddresses } from './stack-addresses.ts';

/** Takes a role's own policies away, does something, and gives them back. @param name beginning of the role's name, and a part of its end. */
export async function withoutPolicies(name: readonly [string, string], work: () => Promise<void>): Promise<void> {
  const RoleName = await roleNamed(name);
  const policies = new Map<string, string>();
  for (const PolicyName of all(await iam('ListRolePolicies', { RoleName }), 'member')) {
    const [document = ''] = all(await iam('GetRolePolicy', { RoleName, PolicyName }), 'PolicyDocument');
    policies.set(PolicyName, decodeURIComponent(document));
  }
  if (policies.size === 0) throw new Error(`${RoleName} has no policy of its own`);
  for (const PolicyName of policies.keys()) await iam('DeleteRolePolicy', { RoleName, PolicyName });
  try {
    await work();
  } finally {
    for (const [PolicyName, PolicyDocument] of policies) {
      await iam('PutRolePolicy', { RoleName, PolicyName, PolicyDocument });
    }
  }
}

async function roleNamed([start, part]: readonly [string, string]): Promise<string> {
  const roles = all(await iam('ListRoles', { MaxItems: '1000' }), 'RoleName');
  const found = roles.find((role) => role.startsWith(start) && role.includes(part));
  if (found === undefined) throw new Error(`no role ${start}…${part} among ${roles.length}`);
  return found;
}

/** One request in IAM's own protocol, which has an SDK that nothing else here needs. The account's owner need not sign on the emulator. */
async function iam(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(stackAddresses().awsUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }).toString(),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: ${text}`);
  return text;
}

/** The texts of all elements of a name. */
function all(xml: string, name: string): string[] {
  return Array.from(xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g')), ([, text = '']) => unescaped(text));
}

function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
