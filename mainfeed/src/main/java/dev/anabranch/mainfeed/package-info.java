/** Main's committed changes: the newest image of each changed key, and what main defines. */
@NullMarked
package dev.anabranch.mainfeed;

import org.jspecify.annotations.NullMarked;
