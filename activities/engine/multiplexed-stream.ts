/**
 * Splits the engine's stream of a process without terminal into its two outputs. Frames are 8 bytes of header
 * (output number, three zeros, length as big-endian 32 bits) and the data. Returns what to call with each chunk.
 */
export function demultiplexer(onStdout: (data: Buffer) => void, onStderr: (data: Buffer) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let left = 0;
  let output = 1;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const taken = chunk.subarray(at, at + 8 - header.length);
        header = Buffer.concat([header, taken]);
        at += taken.length;
        if (header.length < 8) return;
        output = header.readUInt8(0);
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const data = chunk.subarray(at, at + left);
      at += data.length;
      left -= data.length;
      if (output === 2) onStderr(data);
      else onStdout(data);
    }
  };
}
