export { type LocalChain, startChain } from '../../cli/chain.ts';
