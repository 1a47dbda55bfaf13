/** What main's catalogs said at each fork point, kept for as long as a branch may ask. */
@NullMarked
package dev.anabranch.server.schema;

import org.jspecify.annotations.NullMarked;
