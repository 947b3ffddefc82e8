import { z } from 'zod';

// Importing this comes before every schema: zod makes code from text where it can, which
// the window forbids, and its try would be reported as an attack.
z.config({ jitless: true });
