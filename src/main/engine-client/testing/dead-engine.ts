/** An engine that dies at once. */
process.exit(3);
