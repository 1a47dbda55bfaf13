/** What can be set, in one table, and how flags, environment and file are read against it. */
@NullMarked
package dev.anabranch.server.settings;

import org.jspecify.annotations.NullMarked;
