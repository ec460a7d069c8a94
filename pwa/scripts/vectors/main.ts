/** Runs the check of the vectors in a browser and leaves its report, as JSON, in the page. */

import { checkVectors } from '../../tests/crypto/check-vectors';

const vectors: unknown = await (await fetch('./ajar1.json')).json();
document.body.textContent = JSON.stringify(await checkVectors(vectors));
