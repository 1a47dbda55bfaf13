/** The HTTP face: routes, the JSON of requests and answers, and problems. */
@NullMarked
package dev.anabranch.server.http;

import org.jspecify.annotations.NullMarked;
