/** Which branch a login means, and where its Postgres listens. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.gateway.route;
