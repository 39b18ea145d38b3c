import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkSha256 } from './checksum.ts';
import { installOnce } from './install-once.ts';
import { runTool } from './run-tool.ts';

/** Later server archives are not published to Maven's repository. */
const version = '476';

/** The server without plugins, and those that the stack loads, with the SHA-256 of each archive. */
const server = {
  artifact: 'trino-server-core',
  type: 'tar.gz',
  sha256: '0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158',
};
const plugins = [
  { plugin: 'iceberg', sha256: '99edba5b491ed94d599aeb61e0794272d3569d8b563f3bb8569e8a49daa87b6c' },
  // Plain external tables, such as the subjects of an erasure.
  { plugin: 'hive', sha256: '611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e' },
  // A table that needs a worker to be read: without it nothing tells when writes will work.
  { plugin: 'tpch', sha256: 'd83467efe864b1e77013208c293835e197bc3135318c2895521c1efbb7f232bd' },
];

/** Trino with its plugins, unpacked below `cache`; returns its folder, with `lib` and `plugin` in it. */
export async function installTrino(cache: string): Promise<string> {
  return installOnce(join(cache, `trino-${version}`), async (draft) => {
    const archives = join(draft, 'archives');
    const coordinates = [
      `io.trino:${server.artifact}:${version}:${server.type}`,
      ...plugins.map(({ plugin }) => `io.trino:trino-${plugin}:${version}:zip`),
    ];
    // One at a time: the goal takes one artifact, and each is a third of a gigabyte.
    for (const coordinate of coordinates) {
      await runTool('mvn', [
        '-q',
        '-B',
        'dependency:copy',
        `-Dartifact=${coordinate}`,
        `-DoutputDirectory=${archives}`,
      ]);
    }
    const tarball = join(archives, `${server.artifact}-${version}.${server.type}`);
    await checkSha256(tarball, server.sha256);
    await runTool('tar', ['-xzf', tarball, '-C', archives]);
    const unpacked = join(archives, `${server.artifact}-${version}`);
    renameSync(join(unpacked, 'lib'), join(draft, 'lib'));
    mkdirSync(join(draft, 'plugin'));
    for (const { plugin, sha256 } of plugins) {
      const zip = join(archives, `trino-${plugin}-${version}.zip`);
      await checkSha256(zip, sha256);
      await runTool('python3', ['-m', 'zipfile', '-e', zip, archives]);
      renameSync(join(archives, `trino-${plugin}-${version}`), join(draft, 'plugin', plugin));
    }
    rmSync(archives, { recursive: true });
  });
}
