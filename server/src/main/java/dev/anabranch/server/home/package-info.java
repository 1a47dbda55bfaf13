/** The data directory: what lies where, who holds it, and the embedded Postgres servers in it. */
@NullMarked
package dev.anabranch.server.home;

import org.jspecify.annotations.NullMarked;
