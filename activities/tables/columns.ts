/** A column's type: leaf, struct or list. Everything may be null, as pyarrow writes it. */
export type Column =
  | { name: string; type: 'string' | 'int32' | 'bool' }
  | { name: string; type: 'struct'; fields: Column[] }
  | { name: string; type: 'list'; item: Column };

export const string = (name: string): Column => ({ name, type: 'string' });
export const int32 = (name: string): Column => ({ name, type: 'int32' });
export const bool = (name: string): Column => ({ name, type: 'bool' });
export const struct = (name: string, ...fields: Column[]): Column => ({ name, type: 'struct', fields });
export const list = (name: string, item: Column): Column => ({ name, type: 'list', item });
