start:
	npm start

test:
	npm test

format:
	npm run format

.PHONY: start test format
