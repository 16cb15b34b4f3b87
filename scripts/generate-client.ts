import { DOCUMENTS, writeDocument } from '../src/documents/documents';

void writeDocument(DOCUMENTS.client, process.cwd());
