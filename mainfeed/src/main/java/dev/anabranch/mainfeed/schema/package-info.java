/** What the catalogs say about everything that a statement's meaning rests on. */
@NullMarked
package dev.anabranch.mainfeed.schema;

import org.jspecify.annotations.NullMarked;
