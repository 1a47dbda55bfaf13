/** The server: wires every module into one running Anabranch. */
@NullMarked
package dev.anabranch.server;

import org.jspecify.annotations.NullMarked;
