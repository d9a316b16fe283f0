import { z } from 'zod';

// The content policy forbids making code from text; a schema decides how it is compiled when it is made, so this comes first.
z.config({ jitless: true });
