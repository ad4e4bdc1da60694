// What the bundler resolves and TypeScript can't see.

declare module "tidetable.wasm" {
  /** The file's address, relative to the script that imports it. */
  const address: string;
  export default address;
}

declare module "tidetable-rest.wasm" {
  /** The file's address, relative to the script that imports it. */
  const address: string;
  export default address;
}

declare module "*.css" {
  /** The file as it is. */
  const text: string;
  export default text;
}
