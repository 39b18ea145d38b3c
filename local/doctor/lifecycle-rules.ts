import { GetBucketLifecycleConfigurationCommand, type LifecycleRule, type S3Client } from '@aws-sdk/client-s3';

/** The rules of a bucket that are switched on. */
export async function lifecycleRules(s3: S3Client, bucket: string): Promise<LifecycleRule[]> {
  try {
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    return Rules.filter(({ Status }) => Status === 'Enabled');
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchLifecycleConfiguration') return [];
    throw error;
  }
}

function prefixOf({ Filter, Prefix }: LifecycleRule): string {
  return Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '';
}

/** Whether a rule is for everything below a folder, whatever its tags and size. */
export function covers(rule: LifecycleRule, folder: string): boolean {
  const { And, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan } = rule.Filter ?? {};
  const isNarrow = [And, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan].some((filter) => filter !== undefined);
  return !isNarrow && folder.startsWith(prefixOf(rule));
}

/** Whether a rule can be for something below a folder. */
export function touches(rule: LifecycleRule, folder: string): boolean {
  const prefix = prefixOf(rule);
  return folder.startsWith(prefix) || prefix.startsWith(folder);
}

/** The days after which the first of some rules takes everything below some folders; undefined when something stays for ever. */
export function daysUntil(
  rules: readonly LifecycleRule[],
  folders: readonly string[],
  daysOf: (rule: LifecycleRule) => number | undefined,
): number | undefined {
  const days = folders.map((folder) =>
    Math.min(...rules.filter((rule) => covers(rule, folder)).map((rule) => daysOf(rule) ?? Number.POSITIVE_INFINITY)),
  );
  const longest = Math.max(...days);
  return longest === Number.POSITIVE_INFINITY ? undefined : longest;
}
