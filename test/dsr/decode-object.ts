import { gunzipSync, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { compressors } from 'hyparquet-compressors';

/** What an object is made of, so that a test can say what it has read. */
export type Kind = 'Parquet' | 'Avro' | 'Puffin' | 'gzip' | 'zstd' | 'plain';

/**
 * Everything that is packed in an object, unpacked: the pages, dictionaries, values and statistics of Parquet, the blocks of
 * Avro, the blobs of Puffin. What an object says in plain bytes is not given again. It knows nothing of tables, and
 * shares no code with the product's own reader of Avro.
 */
export async function decodeObject(bytes: Buffer): Promise<{ kind: Kind; parts: Buffer[] }> {
  const starts = (...magic: number[]) => bytes.subarray(0, magic.length).equals(Buffer.from(magic));
  const ends = (text: string) => bytes.subarray(-text.length).toString('latin1') === text;
  if (ends('PAR1')) return { kind: 'Parquet', parts: await partsOfParquet(bytes) };
  if (bytes.subarray(0, 4).toString('latin1') === 'Obj\u0001') return { kind: 'Avro', parts: partsOfAvro(bytes) };
  if (ends('PFA1')) return { kind: 'Puffin', parts: partsOfPuffin(bytes) };
  if (starts(0x1f, 0x8b)) return { kind: 'gzip', parts: [gunzipSync(bytes)] };
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return { kind: 'zstd', parts: [zstdDecompressSync(bytes)] };
  return { kind: 'plain', parts: [] };
}

async function partsOfParquet(bytes: Buffer): Promise<Buffer[]> {
  const file = new ArrayBuffer(bytes.length);
  new Uint8Array(file).set(bytes);
  const metadata = parquetMetadata(file);
  const text = (value: unknown) =>
    Buffer.from(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)));
  const parts = [text(metadata)];
  for (const { meta_data: chunk } of metadata.row_groups.flatMap(({ columns }) => columns)) {
    if (chunk === undefined) throw new Error('a column lies in another file');
    const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
    const reader = { view: new DataView(file), offset: Math.min(start, Number(chunk.data_page_offset)) };
    const end = reader.offset + Number(chunk.total_compressed_size);
    while (reader.offset < end) {
      const header = deserializeTCompactProtocol(reader);
      const [unpackedSize, size] = [Number(header.field_2), Number(header.field_3)];
      const page = bytes.subarray(reader.offset, reader.offset + size);
      // Of a page of the second kind, the levels stand unpacked before the values.
      const levels = header.field_8 === undefined ? 0 : Number(header.field_8.field_5) + Number(header.field_8.field_6);
      const unpack = compressors[chunk.codec];
      const isPacked = unpack !== undefined && header.field_8?.field_7 !== false && page.length > levels;
      if (isPacked) parts.push(Buffer.from(await unpack(page.subarray(levels), unpackedSize - levels)));
      reader.offset += size;
    }
  }
  parts.push(text(await parquetReadObjects({ file, compressors })));
  return parts;
}

/** Texts stand in Avro's records as they are: the blocks need no schema to be searched. */
function partsOfAvro(bytes: Buffer): Buffer[] {
  let at = 4;
  const long = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number((value >> 1n) ^ -(value & 1n));
    }
  };
  const chunk = () => {
    const length = long();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const header = new Map<string, string>();
  for (let count = long(); count !== 0; count = long()) {
    if (count < 0) long();
    for (let n = 0; n < Math.abs(count); n++) header.set(chunk().toString(), chunk().toString());
  }
  at += 16;
  const codec = header.get('avro.codec') ?? 'null';
  const parts: Buffer[] = [];
  while (at < bytes.length) {
    long();
    const block = chunk();
    if (codec === 'deflate') parts.push(inflateRawSync(block));
    else if (codec === 'zstandard') parts.push(zstdDecompressSync(block));
    else if (codec !== 'null') throw new Error(`Avro packed by ${codec} cannot be read`);
    at += 16;
  }
  return parts;
}

/** Source: Iceberg's Puffin specification: magic, blobs, magic, payload of the footer, its length, flags, magic. */
function partsOfPuffin(bytes: Buffer): Buffer[] {
  const length = bytes.readInt32LE(bytes.length - 12);
  const isPacked = (bytes.readUInt8(bytes.length - 8) & 1) === 1;
  const payload = bytes.subarray(bytes.length - 12 - length, bytes.length - 12);
  if (isPacked) throw new Error('a Puffin footer is packed: LZ4 cannot be read');
  const { blobs } = JSON.parse(payload.toString());
  return blobs.map((blob: { offset: number; length: number; 'compression-codec'?: string }) => {
    const packed = bytes.subarray(blob.offset, blob.offset + blob.length);
    if (blob['compression-codec'] === undefined) return packed;
    if (blob['compression-codec'] !== 'zstd') throw new Error('a Puffin blob is packed by something else than zstd');
    return zstdDecompressSync(packed);
  });
}
