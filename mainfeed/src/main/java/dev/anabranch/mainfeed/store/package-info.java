/** Where the newest images are kept, and how they are read as of a position. */
@NullMarked
package dev.anabranch.mainfeed.store;

import org.jspecify.annotations.NullMarked;
