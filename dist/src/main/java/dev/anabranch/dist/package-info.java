/** What is made for the tarball at build time. */
@NullMarked
package dev.anabranch.dist;

import org.jspecify.annotations.NullMarked;
