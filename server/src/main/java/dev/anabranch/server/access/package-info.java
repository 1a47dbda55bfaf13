/**
 * Who may ask what over HTTP: tokens, their rights, and the file that the server's own user has.
 */
@NullMarked
package dev.anabranch.server.access;

import org.jspecify.annotations.NullMarked;
