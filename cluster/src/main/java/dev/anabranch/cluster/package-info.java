/**
 * One Postgres installation and one running cluster: find, initialise, start, adopt, stop, connect.
 */
@NullMarked
package dev.anabranch.cluster;

import org.jspecify.annotations.NullMarked;
