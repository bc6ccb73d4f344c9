import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';

export type Packing = 'stored' | 'deflate' | 'zstd';

const methods = { stored: 0, deflate: 8, zstd: 93 };

/** A ZIP archive of texts, as small as archives get; `wide` writes sizes and places as ZIP64 does. */
export function zipOf(files: Record<string, string>, packing: Packing = 'deflate', wide = false): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = packing === 'stored' ? content : packing === 'zstd' ? zstdCompressSync(content) : deflateRawSync(content);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(methods[packing], 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, label, packed]);
    const extra = Buffer.alloc(wide ? 28 : 0);
    if (wide) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      for (const [index, value] of [content.length, packed.length, at].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
      for (const field of [14, 18]) common.writeUInt32LE(0xffffffff, field);
    }
    const entry = Buffer.concat([Buffer.from('PK\x01\x02\0\0', 'latin1'), common, Buffer.alloc(14)]);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(wide ? 0xffffffff : at, 42);
    directory.push(Buffer.concat([entry, label, extra]));
    parts.push(local);
    at += local.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(wide ? 0xffff : directory.length, 10);
  end.writeUInt32LE(wide ? 0xffffffff : size, 12);
  end.writeUInt32LE(wide ? 0xffffffff : at, 16);
  return Buffer.concat([...parts, ...directory, ...(wide ? wideEnd(directory.length, size, at) : []), end]);
}

function wideEnd(count: number, size: number, offset: number): Buffer[] {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  for (const [index, value] of [count, size, offset].entries()) record.writeBigUInt64LE(BigInt(value), 32 + index * 8);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  return [record, locator];
}
