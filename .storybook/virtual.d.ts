declare module 'virtual:custom-elements' {
  const manifest: { modules: { declarations: { tagName: string; events: { name: string }[] }[] }[] };
  export default manifest;
}
