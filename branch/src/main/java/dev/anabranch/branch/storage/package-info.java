/** Where Anabranch keeps its clusters, and how one is cloned. */
@NullMarked
package dev.anabranch.branch.storage;

import org.jspecify.annotations.NullMarked;
