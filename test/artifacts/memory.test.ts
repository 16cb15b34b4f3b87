import { openMemoryArtifacts } from '../../src/artifacts/memory';
import { describeArtifacts } from '../contract/artifacts.contract';

const artifacts = openMemoryArtifacts();

describeArtifacts(() => artifacts);
