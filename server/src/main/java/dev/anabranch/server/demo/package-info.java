/**
 * The whole story on an embedded Postgres: a shop, Alice's branch, a busy production, and what
 * still holds.
 */
@NullMarked
package dev.anabranch.server.demo;

import org.jspecify.annotations.NullMarked;
