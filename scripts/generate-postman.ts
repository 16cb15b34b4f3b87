import { DOCUMENTS, writeDocument } from '../src/documents/documents';

void writeDocument(DOCUMENTS.postman, process.cwd());
