/** Where a gateway listens, what it takes from its clients and what it keeps of answers. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway.settings;
