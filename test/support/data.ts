/** The folder of real data that tests compare with (official examples, real lists), if the environment names one. */
export const dataDir: string | undefined = process.env['PRATIQUE_TEST_DATA'];
