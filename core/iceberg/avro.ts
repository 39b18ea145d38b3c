import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import avsc, { type Type } from 'avsc';

/** Whole numbers of 64 bits: ids of snapshots do not fit into a double. */
const long = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (left: bigint, right: bigint) => (left === right ? 0 : left < right ? -1 : 1),
});

type Done = (error: Error | null, bytes?: Buffer) => void;

function unpackedBy(unpack: (bytes: Buffer) => Buffer) {
  return (bytes: Buffer, done: Done) => {
    let unpacked: Buffer;
    try {
      unpacked = unpack(bytes);
    } catch {
      done(new Error('A block of an Avro file cannot be unpacked'));
      return;
    }
    done(null, unpacked);
  };
}

/** How the blocks of Iceberg's metadata may be packed. */
const codecs = {
  null: unpackedBy((bytes) => bytes),
  deflate: unpackedBy((bytes) => inflateRawSync(bytes)),
  zstandard: unpackedBy((bytes) => zstdDecompressSync(bytes)),
};

/** The records of an Avro object container file; longs are bigints. @throws Error for a file that cannot be read as one. */
export async function readAvro(bytes: Buffer): Promise<unknown[]> {
  const decoder = new avsc.streams.BlockDecoder({
    codecs,
    parseHook: (schema): Type => avsc.Type.forSchema(schema, { typeHook: (part) => (isLong(part) ? long : undefined) }),
  });
  const records: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    decoder.on('data', (record: unknown) => records.push(record));
    decoder.on('end', resolve);
    decoder.on('error', reject);
    decoder.end(bytes);
  });
  return records;
}

function isLong(schema: unknown): boolean {
  return (
    schema === 'long' || (typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'long')
  );
}
