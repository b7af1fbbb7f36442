/** The password of every member of the demo workspace. */
export const DEMO_PASSWORD = 'millrace-demo';
