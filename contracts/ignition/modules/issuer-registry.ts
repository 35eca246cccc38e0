import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';

/** The registry under its governor; both parameters are needed. */
export const issuerRegistryModule = buildModule('IssuerRegistry', (module) => {
  const registry = module.contract('IssuerRegistry', [
    module.getParameter<number>('adminDelay'),
    module.getParameter<string>('governor'),
  ]);
  return { registry };
});
