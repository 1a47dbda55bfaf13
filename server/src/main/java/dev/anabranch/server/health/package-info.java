/** Whether each part that Anabranch stands on answers, since when, and how far behind it is. */
@NullMarked
package dev.anabranch.server.health;

import org.jspecify.annotations.NullMarked;
