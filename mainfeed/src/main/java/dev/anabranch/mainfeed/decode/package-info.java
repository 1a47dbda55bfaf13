/** pgoutput, message by message, as changes. */
@NullMarked
package dev.anabranch.mainfeed.decode;

import org.jspecify.annotations.NullMarked;
